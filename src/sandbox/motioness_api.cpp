#include "sandbox/motioness_api.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <memory>
#include <system_error>
#include <utility>
#include <variant>

#include "base/digest.h"
#include "base/json_value.h"
#include "base/random.h"
#include "sandbox/clips.h"
#include "sandbox_clips.h"

namespace motion_mcp::sandbox {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kEvents = "/events/";
constexpr std::size_t kIdDigits = 16;
constexpr VendorTime kRetryAfter = seconds(30);  // seed 003
constexpr milliseconds kLookEvery{5};            // while a request is held

// --- answers, word for word from seed 003 --------------------------------------------------------

// concepts/response-headers: on everything that the proxy answers.
Reply with_common_headers(Reply reply, const Request& request) {
  constexpr std::size_t kLeast = 4;
  constexpr std::size_t kMost = 64;
  constexpr std::string_view kWordCharacters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  const std::string given = request.request_id.value_or("");
  const bool is_echoed = given.size() >= kLeast && given.size() <= kMost &&
                         given.find_first_not_of(kWordCharacters) == std::string::npos;
  reply.headers.emplace_back("X-Request-Id",
                             is_echoed ? given : "req_" + base::random_uuid().substr(0, 8));
  reply.headers.emplace_back("Access-Control-Allow-Origin", "*");
  return reply;
}

Reply error_reply(int status, std::string_view message) {
  return json_reply(status, {{"error", message}});
}

Reply quota_reached() {
  return json_reply(
      429, {{"error", "monthly limit reached"}, {"upgrade_url", "https://motioness.com/pricing"}});
}

Reply rate_limited() {
  Reply reply = json_reply(429, {{"error", "rate limited"}, {"retry_after_ms", 1000}});
  reply.headers.emplace_back("Retry-After", "1");
  return reply;
}

Reply failed(const std::string& id) {
  return json_reply(502, {{"error", "last generation failed"},
                          {"asset_id", id},
                          {"hint", "POST /api/v1/regenerate/" + id}});
}

Reply media(std::string content_type, std::string_view bytes) {
  Reply reply{200, std::move(content_type), {}, std::string(bytes)};
  reply.headers.emplace_back("Cache-Control", "public, max-age=31536000, immutable");
  return reply;
}

}  // namespace

// --- live events ---------------------------------------------------------------------------------

// guides/sse-streaming. A connection begins with what happens from now on, or after Last-Event-ID.
class MotionessApi::Events {
 public:
  static constexpr seconds kPing{15};
  static constexpr seconds kLongestConnection{300};

  Events(const base::Clock& clock, double speed, Asset asset, std::optional<std::int64_t> after)
      : clock_(clock), asset_(std::move(asset)), begun_(clock.now()), ping_at_(begun_ + kPing) {
    std::int64_t last_id = 0;
    for (const GenerationEvent& event : life_of(asset_.chosen)) {
      const auto due = asset_.accepted.steady +
                       std::chrono::duration_cast<base::SteadyTime::duration>(event.at / speed);
      const auto wall =
          asset_.accepted.wall + std::chrono::duration_cast<milliseconds>(event.at / speed);
      const std::int64_t time = std::chrono::floor<milliseconds>(wall.time_since_epoch()).count();
      last_id = std::max(time, last_id + 1);  // ids are times, and each is its own
      ends_ = ends_ || event.type == "ready" || event.type == "failed";
      const bool is_wanted = after ? last_id > *after : due >= begun_;
      if (is_wanted) due_.push_back({due, text_of(event, last_id, time)});
    }
  }

  // The next piece, when it is time for it; nullopt when the connection ends.
  std::optional<std::string> next(const std::stop_token& stop) {
    const base::SteadyTime end = begun_ + kLongestConnection;
    const bool has_event = next_ < due_.size();
    // After the last word of an asset there is nothing to wait for.
    if (!has_event && ends_) return std::nullopt;
    const base::SteadyTime event_at = has_event ? due_[next_].at : end;
    const base::SteadyTime wake = std::min({event_at, ping_at_, end});
    if (!clock_.sleep_until(wake, stop) || clock_.now() >= end) return std::nullopt;
    if (has_event && event_at <= clock_.now()) return due_[next_++].text;
    ping_at_ = clock_.now() + kPing;
    return ": ping\n\n";
  }

 private:
  struct Due {
    base::SteadyTime at;
    std::string text;
  };

  [[nodiscard]] std::string text_of(const GenerationEvent& event, std::int64_t id,
                                    std::int64_t time) const {
    Json data = {{"ts", time},
                 {"asset_id", asset_.id},
                 {"stage", event.stage},
                 {"attempt", event.attempt},
                 {"request_id", "req_" + asset_.id.substr(0, 8)}};
    if (!event.error_code.empty()) {
      data["error_code"] = event.error_code;
      data["error_msg"] = event.error_message;
    }
    return "id: " + std::to_string(id) + "\nevent: " + std::string(event.type) +
           "\ndata: " + data.dump() + "\n\n";
  }

  const base::Clock& clock_;
  const Asset asset_;
  const base::SteadyTime begun_;
  base::SteadyTime ping_at_;
  std::vector<Due> due_;
  std::size_t next_ = 0;
  bool ends_ = false;
};

// --- requests ------------------------------------------------------------------------------------

Reply MotionessApi::handle(const Request& request, const std::stop_token& stop) {
  if (request.method != "GET") return with_common_headers(method_not_allowed("GET"), request);
  const std::string_view target = std::string_view(request.target).substr(kPath.size());
  const std::string_view path = target.substr(0, target.find('?'));
  const std::string_view project = path.substr(0, path.find('/'));
  const std::string_view rest = path.substr(project.size());
  if (rest.starts_with(kEvents)) {
    return with_common_headers(events(request, project, rest.substr(kEvents.size())), request);
  }
  const auto read =
      read_proxy_url(target, {kSigningProjects, kSandboxSigningSecret}, clock_.wall());
  if (const auto* fault = std::get_if<UrlFault>(&read)) {
    return with_common_headers(error_reply(fault->status, fault->message), request);
  }
  ProxyUrl url = std::get<ProxyUrl>(read);
  // reference/query-params: the header means what ?idem does.
  if (request.idempotency_key) url.parameters["idem"] = *request.idempotency_key;
  return with_common_headers(serve(url, stop), request);
}

Reply MotionessApi::serve(const ProxyUrl& url, const std::stop_token& stop) {
  // [guess] A poster is a still of the source: it starts no generation.
  if (!url.is_video) return media("image/jpeg", embedded::kPoster);
  const auto chosen = asset_case_of(url.parameter("prompt"));
  if (!chosen) return error_reply(400, "unknown sandbox: case");
  if (auto refusal = refuse(*chosen, url)) return *std::move(refusal);
  const Asset asset = find_or_start(url, *chosen);

  const base::SteadyTime deadline = clock_.now() + url.wait();
  AssetMoment moment = asset_moment(asset.chosen, age_of(asset));
  while (moment.status == AssetStatus::pending && clock_.now() < deadline &&
         clock_.sleep_until(std::min(deadline, clock_.now() + kLookEvery), stop)) {
    moment = asset_moment(asset.chosen, age_of(asset));
  }
  return show(asset, moment);
}

Reply MotionessApi::show(const Asset& asset, const AssetMoment& moment) const {
  if (moment.status == AssetStatus::failed) return failed(asset.id);
  if (moment.status == AssetStatus::ready) {
    Reply reply = media("video/mp4", clip(asset.aspect, 1));
    reply.headers.emplace_back("X-Motioness-Asset-Id", asset.id);
    reply.headers.emplace_back("X-Motioness-Stage", "ready");
    reply.headers.emplace_back("X-Motioness-Loop", "native");
    reply.headers.emplace_back("cf-cache-status", "HIT");
    return reply;
  }
  // At speed 1 these are the numbers of seed 003.
  const auto left = std::chrono::ceil<milliseconds>(moment.left / speed_);
  const auto retry_after = std::chrono::ceil<seconds>(kRetryAfter / speed_);
  Reply reply = json_reply(202, {{"status", "pending"},
                                 {"asset_id", asset.id},
                                 {"eta_seconds", std::chrono::ceil<seconds>(left).count()}});
  reply.headers.emplace_back("Retry-After", std::to_string(retry_after.count()));
  reply.headers.emplace_back("X-Motioness-Asset-Id", asset.id);
  reply.headers.emplace_back("X-Motioness-Stage", std::string(moment.stage));
  reply.headers.emplace_back("X-Motioness-Eta-Ms", std::to_string(left.count()));
  return reply;
}

Reply MotionessApi::events(const Request& request, std::string_view project,
                           std::string_view id) const {
  Asset asset;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = assets_.find(std::string(id));
    if (found == assets_.end() || found->second.project != project ||
        found->second.chosen == AssetCase::no_events) {
      return error_reply(404, "not found");
    }
    asset = found->second;
  }
  std::optional<std::int64_t> after;
  if (const std::string last = request.last_event_id.value_or(""); !last.empty()) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(last.data(), last.data() + last.size(), value);
    if (error == std::errc() && end == last.data() + last.size()) after = value;
  }
  const auto stream = std::make_shared<Events>(clock_, speed_, std::move(asset), after);
  Reply reply{200, "text/event-stream", {{"Cache-Control", "no-cache"}}, {}};
  reply.stream = [stream](const std::stop_token& stop) { return stream->next(stop); };
  return reply;
}

std::optional<Reply> MotionessApi::refuse(AssetCase chosen, const ProxyUrl& url) {
  const std::scoped_lock lock(mutex_);
  ++gets_;
  switch (chosen) {
    case AssetCase::origin:
      return error_reply(403, "origin not in allowlist");
    case AssetCase::too_large:
      return error_reply(413, "file exceeds 10 MB limit");
    case AssetCase::quota:
      return quota_reached();
    case AssetCase::overage:
      return error_reply(429, "overage disabled");
    case AssetCase::error_500:
      return error_reply(500, "internal error");
    case AssetCase::rate_limit:
      if (rate_limited_.insert(url.identity()).second) return rate_limited();
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

MotionessApi::Asset MotionessApi::find_or_start(const ProxyUrl& url, AssetCase chosen) {
  const std::string id = base::sha256_hex(url.identity()).substr(0, kIdDigits);
  const std::scoped_lock lock(mutex_);
  const auto [place, is_new] = assets_.try_emplace(id);
  if (is_new) {
    const std::string aspect = url.parameter("aspect");
    place->second = {
        id,
        url.project,
        chosen,
        aspect.empty() || aspect == "preserve" ? std::string(kDefaultAspectRatio) : aspect,
        {clock_.now(), clock_.wall()}};
    generated_.push_back(id);
  }
  return place->second;
}

VendorTime MotionessApi::age_of(const Asset& asset) const {
  return VendorTime(clock_.now() - asset.accepted.steady) * speed_;
}

Json MotionessApi::ledger() const {
  const std::scoped_lock lock(mutex_);
  Json generations = Json::array();
  for (const std::string& id : generated_) {
    const Asset& asset = assets_.at(id);
    generations.push_back({{"asset_id", id},
                           {"project", asset.project},
                           {"at", base::to_rfc3339(asset.accepted.wall)}});
  }
  return {{"generations", std::move(generations)},
          {"totals", {{"generations", generated_.size()}, {"gets", gets_}}}};
}

}  // namespace motion_mcp::sandbox
