#include "sandbox/sandbox.h"

#include <charconv>
#include <chrono>
#include <optional>
#include <system_error>
#include <utility>
#include <variant>

#include "base/digest.h"
#include "base/json_value.h"
#include "sandbox/byte_range.h"

namespace motion_mcp::sandbox {
namespace {

constexpr std::string_view kLedger = "/_sandbox/ledger";
constexpr std::string_view kReads = "/_sandbox/reads";
constexpr std::string_view kGenerations = "/_sandbox/motioness";
constexpr std::string_view kFiles = "/_sandbox/videos/";
constexpr std::string_view kMosaicLedger = "/_sandbox/mosaic";
constexpr std::string_view kClips = "/_sandbox/clips/";
constexpr std::string_view kFileSuffix = ".mp4";

bool is_read(const Request& request) {
  return request.method == "GET" || request.method == "HEAD";
}

// What goes into a link must not be able to break it.
bool is_well_formed_host(std::string_view host) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]";
  return !host.empty() && host.find_first_not_of(kAllowed) == std::string_view::npos;
}

// The file host speaks XML, as Google Cloud Storage does.
Reply file_error(int status, std::string_view code, std::string_view message) {
  return {status,
          "application/xml; charset=UTF-8",
          {},
          "<?xml version='1.0' encoding='UTF-8'?><Error><Code>" + std::string(code) +
              "</Code><Message>" + std::string(message) + "</Message></Error>"};
}

struct FileName {
  std::string_view job_id;
  std::size_t run = 0;
};

// "{job}/{run}.mp4"; a run of 0 is none.
FileName parse_file_name(std::string_view name) {
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos || !name.ends_with(kFileSuffix)) return {};
  const std::string_view number =
      name.substr(slash + 1, name.size() - slash - 1 - kFileSuffix.size());
  FileName file{name.substr(0, slash)};
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), file.run);
  if (error != std::errc() || end != number.data() + number.size()) return {};
  return file;
}

// Strong (RFC 9110 section 8.8.3).
std::string etag_of(std::string_view bytes) {
  return '"' + base::sha256_hex(bytes).substr(0, 32) + '"';
}

// The range that is to be answered; empty for the whole (RFC 9110 section 13.1.5).
std::string_view range_of(const Request& request, std::string_view etag) {
  const bool is_wanted =
      request.method == "GET" && request.range && (!request.if_range || *request.if_range == etag);
  return is_wanted ? std::string_view(*request.range) : std::string_view();
}

Reply whole_or_range(const Request& request, std::string_view bytes) {
  const std::string etag = etag_of(bytes);
  const std::string_view range_header = range_of(request, etag);
  Reply reply{200,
              "video/mp4",
              {{"Accept-Ranges", "bytes"}, {"Cache-Control", "private"}, {"ETag", etag}},
              {}};
  const RangeChoice choice = choose_range(range_header, bytes.size());
  const std::string size = std::to_string(bytes.size());
  if (std::holds_alternative<Unsatisfiable>(choice)) {
    reply = file_error(416, "InvalidRange", "The requested range cannot be satisfied.");
    reply.headers.emplace_back("Content-Range", "bytes */" + size);
  } else if (const auto* range = std::get_if<ByteRange>(&choice)) {
    reply.status = 206;
    reply.headers.emplace_back("Content-Range",
                               "bytes " + std::to_string(range->first) + "-" +
                                   std::to_string(range->first + range->length - 1) + "/" + size);
    reply.body = bytes.substr(range->first, range->length);
  } else {
    reply.body = bytes;
  }
  return reply;
}

// The refusal of a request for a file; nullopt when its link permits it.
std::optional<Reply> refuse_file(const Request& request, const SignedLinks& links,
                                 base::WallTime now) {
  if (request.authorization) {
    return file_error(400, "InvalidArgument",
                      "Only one way to authenticate is allowed: the link's signature or an "
                      "Authorization header.");
  }
  switch (links.check(request.target, now)) {
    case SignedLinks::Verdict::forged:
      return file_error(403, "SignatureDoesNotMatch",
                        "The signature of the link does not match the request.");
    case SignedLinks::Verdict::expired:
      return file_error(403, "ExpiredToken", "The link has expired.");
    case SignedLinks::Verdict::valid:
      break;
  }
  return std::nullopt;
}

Reply file_reply(const Request& request, std::string_view bytes) {
  if (bytes.empty()) return file_error(404, "NoSuchKey", "The file does not exist.");
  return whole_or_range(request, bytes);
}

// What follows `folder` in the path.
std::string_view name_in(const Request& request, std::string_view folder) {
  const std::string_view target = request.target;
  return target.substr(0, target.find('?')).substr(folder.size());
}

}  // namespace

Sandbox::Sandbox(const base::Clock& clock, double speed, std::string origin)
    : clock_(clock),
      origin_(std::move(origin)),
      links_(kVideoLinkLife),
      clip_links_(kClipLinkLife),
      motion_(clock, speed, [this](const auto&... link) { return file_link(link...); }),
      mosaic_(
          clock, speed, [this](const auto&... link) { return clip_link(link...); },
          [this](base::SteadyTime at, std::string url, auto body) {
            webhooks_.deliver_at(at, {std::move(url), std::move(body)});
          }),
      motioness_(clock, speed),
      webhooks_(clock) {}

Reply Sandbox::handle(const Request& request, const std::stop_token& stop) {
  const std::string_view target = request.target;
  const std::string_view path = target.substr(0, target.find('?'));
  if (path.starts_with(MotionApi::kPath)) return motion_.handle(request);
  if (path.starts_with(MosaicApi::kPath)) return mosaic_.handle(request);
  if (path.starts_with(MotionessApi::kPath)) return motioness_.handle(request, stop);
  const bool is_file = path.starts_with(kFiles) || path.starts_with(kClips);
  const bool is_figure =
      path == kLedger || path == kReads || path == kMosaicLedger || path == kGenerations;
  if (!is_file && !is_figure) return json_reply(404, {{"error", "Not found"}});
  if (!is_read(request)) return method_not_allowed("GET, HEAD");
  if (path.starts_with(kFiles)) return video(request);
  if (path.starts_with(kClips)) return clip(request);
  if (path == kMosaicLedger) return json_reply(200, mosaic_.ledger());
  if (path == kGenerations) return json_reply(200, motioness_.ledger());
  return json_reply(200, path == kLedger ? motion_.ledger() : motion_.reads());
}

std::string Sandbox::origin_of(const Request& request) const {
  const bool has_host = request.host && is_well_formed_host(*request.host);
  return has_host ? "http://" + *request.host : origin_;
}

std::string Sandbox::file_link(const Request& request, std::string_view job_id, std::size_t run,
                               base::WallTime now) const {
  return origin_of(request) + links_.sign(std::string(kFiles) + std::string(job_id) + "/" +
                                              std::to_string(run) + std::string(kFileSuffix),
                                          now);
}

std::string Sandbox::clip_link(const Request& request, std::string_view run_id,
                               base::WallTime now) const {
  return origin_of(request) +
         clip_links_.sign(std::string(kClips) + std::string(run_id) + std::string(kFileSuffix),
                          now);
}

Reply Sandbox::video(const Request& request) const {
  if (auto refusal = refuse_file(request, links_, clock_.wall())) return *std::move(refusal);
  const FileName name = parse_file_name(name_in(request, kFiles));
  return file_reply(request, motion_.file(name.job_id, name.run));
}

Reply Sandbox::clip(const Request& request) const {
  if (auto refusal = refuse_file(request, clip_links_, clock_.wall())) return *std::move(refusal);
  const std::string_view name = name_in(request, kClips);
  return file_reply(request, mosaic_.file(name.substr(0, name.find('.'))));
}

}  // namespace motion_mcp::sandbox
