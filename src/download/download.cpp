#include "download/download.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/random.h"
#include "download/source.h"
#include "net/ascii.h"
#include "net/backoff.h"
#include "net/redirect.h"

namespace motion_mcp::download {
namespace {

using net::find_header;
using std::chrono::milliseconds;

constexpr std::size_t kBoxHeadBytes = 8;

Error bad(std::string message) {
  return Error{ErrorKind::bad_response, std::move(message)};
}

Error not_an_mp4() {
  return bad("what the download link gave is not an MP4 file");
}

// Size, then name; a size of 1 stands for one that follows in 64 bits. `most` is the file's own.
bool begins_with_ftyp(std::string_view head, std::uint64_t most) {
  if (head.size() < kBoxHeadBytes || head.substr(4, 4) != "ftyp") return false;
  std::uint32_t size = 0;
  for (const char c : head.substr(0, 4)) size = size << 8U | static_cast<unsigned char>(c);
  return size == 1 || (size > kBoxHeadBytes && size <= most);
}

bool is_worth_another(ErrorKind kind) {
  return kind == ErrorKind::unreachable || kind == ErrorKind::interrupted ||
         kind == ErrorKind::unavailable;
}

Error error_of_status(const net::HttpResponse& response, base::WallTime now) {
  const std::string answered = "the file host answered " + std::to_string(response.status);
  switch (response.status) {
    case 401:
    case 403:
    case 404:
    case 410:
      return Error{ErrorKind::not_found, answered + ": the link is dead",
                   "Read the job's status again: a fresh link may do."};
    case 408:
    case 429:
      break;
    default:
      if (response.status < 500) return bad(answered);
  }
  Error error{ErrorKind::unavailable, answered};
  error.retry_after = net::retry_after_of(response.headers, now);
  return error;
}

class Transfer {
 public:
  Transfer(net::HttpClient& http, const base::Clock& clock, const Video& video, PartFile part,
           const std::stop_token& stop)
      : http_(http),
        clock_(clock),
        video_(video),
        stop_(stop),
        part_(std::move(part)),
        deadline_(clock.now() + kDeadline),
        link_(video.link) {}

  Result<Saved> run() {
    for (;;) {
      const std::uint64_t before = received_;
      auto fetched = fetch();
      if (fetched) return save();
      Error error = std::move(fetched).error();
      if (stop_.stop_requested()) return stopped();
      if (error.kind == ErrorKind::not_found && renewals_ < kMaxRenewals) {
        ++renewals_;
        link_ = TRY(video_.renew_link());
        continue;
      }
      if (error.kind == ErrorKind::bad_response || is_too_large_) static_cast<void>(part_.clear());
      if (!is_worth_another(error.kind)) return error;
      if (received_ - before >= kGoodBytes) failures_ = 0;
      ++failures_;
      base::log_info("a download was interrupted: " + error.message);
      if (failures_ >= kMaxFailures || !pause(error))
        return stop_.stop_requested() ? stopped() : given_up(error);
    }
  }

 private:
  [[nodiscard]] Error stopped() const {
    return given_up({ErrorKind::cancelled, "the download was stopped"});
  }

  [[nodiscard]] Error given_up(Error error) const {
    const std::string when =
        error.retry_after ? " in " + std::to_string(error.retry_after->count()) + " s" : "";
    error.next_step = "Call again" + when + "; it is free.";
    if (can_resume()) {
      error.next_step = "Call again" + when + ": it goes on after the " +
                        std::to_string(part_.size()) + " bytes that are here.";
    }
    return error;
  }

  // False when there is no time for another, or the host wants more than a pause.
  bool pause(const Error& error) {
    const milliseconds backoff = net::backoff_delay(failures_, base::random_unit());
    const milliseconds asked_for = error.retry_after.value_or(std::chrono::seconds(0));
    if (asked_for > kLongestPause) return false;
    const base::SteadyTime next = clock_.now() + std::max(backoff, asked_for);
    return next < deadline_ && clock_.sleep_until(next, stop_);
  }

  [[nodiscard]] bool can_resume() const {
    return part_.size() > 0 && part_.source() && !part_.source()->validator.empty();
  }

  // Where to go on; 0 to begin anew.
  Result<std::uint64_t> choose_offset() {
    if (!can_resume() || part_.source()->resource != resource_of(link_)) return std::uint64_t{0};
    const auto& total = part_.source()->total;
    if (total && part_.size() > *total) return std::uint64_t{0};
    // A whole one is asked for its last byte, so that the host can say whether it is still the
    // file.
    if (total && part_.size() == *total) TRY(part_.keep(*total - 1));
    return part_.size();
  }

  // Brings the part to its end.
  Result<void> fetch() {
    fault_.reset();
    offset_ = TRY(choose_offset());
    const net::HttpResponse response = TRY(send());
    if (fault_) return *fault_;
    if (response.status == 416) {
      TRY(part_.clear());
      return Error{ErrorKind::interrupted, "the file host has no such part of the file"};
    }
    if (response.status / 100 != 2) return error_of_status(response, clock_.wall());
    if (total_ && part_.size() < *total_) {
      return Error{ErrorKind::interrupted, "the download ended after " +
                                               std::to_string(part_.size()) + " of " +
                                               std::to_string(*total_) + " bytes"};
    }
    if (!begins_with_ftyp(TRY(part_.head(kBoxHeadBytes)), part_.size())) return not_an_mp4();
    return {};
  }

  // Follows redirects. A fault of ours is in fault_, whatever is returned.
  Result<net::HttpResponse> send() {
    net::HttpRequest request;
    request.url = link_;
    if (offset_ > 0) {
      request.headers = {{"Range", "bytes=" + std::to_string(offset_) + "-"},
                         {"If-Range", part_.source()->validator}};
    }
    const net::BodySink sink([this](const net::HttpResponse& head) { return begin(head); },
                             [this](std::string_view bytes) { return take(bytes); });
    for (int followed = 0;; ++followed) {
      auto response = http_.send(request, deadline_, stop_, sink);
      if (fault_) return *fault_;
      if (!response || !net::is_redirect(response->status)) return response;
      const auto location = find_header(response->headers, "Location");
      if (!location) return response;
      if (followed == kMaxRedirects) return bad("the file host redirects again and again");
      request.url = TRY(net::redirect_target(request.url, *location));
    }
  }

  bool fail(Error error) {
    fault_ = std::move(error);
    return false;
  }

  bool begin(const net::HttpResponse& head) {
    window_began_ = clock_.now();
    window_bytes_ = 0;
    const auto coding = find_header(head.headers, "Content-Encoding");
    if (coding && net::to_lower(*coding) != "identity") {
      return fail(bad("the file host sent the file encoded"));
    }
    if (head.status == 200) return begin_whole(head);
    if (head.status == 206 && offset_ > 0) return begin_rest(head);
    return fail(bad("the file host answered " + std::to_string(head.status)));
  }

  bool begin_whole(const net::HttpResponse& head) {
    resumed_from_ = 0;
    total_.reset();
    if (const auto length = find_header(head.headers, "Content-Length")) {
      total_ = parse_bytes(*length);
    } else if (!find_header(head.headers, "Transfer-Encoding")) {
      // It would end with its connection: nobody could tell a cut one from a whole one.
      return fail(bad("the file host did not say how long the file is"));
    }
    if (total_ && *total_ > video_.max_bytes) return too_large(*total_);
    auto begun =
        part_.begin({resource_of(link_), validator_of(head.headers, clock_.wall()), total_});
    return begun || fail(std::move(begun).error());
  }

  bool begin_rest(const net::HttpResponse& head) {
    const auto text = find_header(head.headers, "Content-Range");
    const auto range = parse_content_range(text.value_or(""));
    const Source& source = *part_.source();
    const bool fits = range && range->first == offset_ &&
                      (!range->total || !source.total || *range->total == *source.total);
    const auto etag = find_header(head.headers, "ETag");
    const bool is_other = etag && source.validator.starts_with('"') && *etag != source.validator;
    if (!fits || is_other) {
      auto cleared = part_.clear();
      if (!cleared) return fail(std::move(cleared).error());
      return fail({ErrorKind::interrupted, "the file host sent a part of another file"});
    }
    if (!has_received_) resumed_from_ = offset_;
    total_ = source.total ? source.total : range->total;
    if (total_ && *total_ > video_.max_bytes) return too_large(*total_);
    return true;
  }

  bool take(std::string_view bytes) {
    has_received_ = true;
    const bool had_head = part_.size() >= kBoxHeadBytes;
    const std::uint64_t size = part_.size() + bytes.size();
    if (total_ && size > *total_) return fail(bad("the file host sent more than it announced"));
    if (size > video_.max_bytes) return too_large(size);
    if (auto written = part_.append(bytes); !written) return fail(std::move(written).error());
    received_ += bytes.size();
    if (!had_head && size >= kBoxHeadBytes) {
      const auto head = part_.head(kBoxHeadBytes);
      if (!head) return fail(head.error());
      if (!begins_with_ftyp(*head, total_.value_or(video_.max_bytes))) return fail(not_an_mp4());
    }
    if (video_.on_progress) video_.on_progress(size, total_);
    return !is_stalled(bytes.size()) ||
           fail({ErrorKind::interrupted, "the file host sends next to nothing"});
  }

  bool is_stalled(std::size_t arrived) {
    window_bytes_ += arrived;
    if (clock_.now() - window_began_ < kStallTime) return false;
    const bool is_too_little = window_bytes_ < kStallBytes && !(total_ && part_.size() == *total_);
    window_began_ = clock_.now();
    window_bytes_ = 0;
    return is_too_little;
  }

  bool too_large(std::uint64_t bytes) {
    is_too_large_ = true;
    return fail({ErrorKind::invalid_argument,
                 "the video has " + std::to_string(bytes) + " bytes or more, and " +
                     std::to_string(video_.max_bytes) + " are allowed (--max-download-bytes)",
                 "Hand over its link instead, or ask the user to raise the limit."});
  }

  Result<Saved> save() {
    const std::uint64_t bytes = part_.size();
    PartFile::Committed committed = TRY(part_.commit(stop_));
    return Saved{std::move(committed.path), bytes, std::move(committed.sha256), resumed_from_,
                 committed.was_there};
  }

  net::HttpClient& http_;
  const base::Clock& clock_;
  const Video& video_;
  const std::stop_token& stop_;
  PartFile part_;
  const base::SteadyTime deadline_;

  std::string link_;
  int renewals_ = 0;
  int failures_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t resumed_from_ = 0;
  bool has_received_ = false;  // bytes of this download are in the part
  bool is_too_large_ = false;

  // Of the request under way.
  std::uint64_t offset_ = 0;
  std::optional<std::uint64_t> total_;
  std::optional<Error> fault_;
  base::SteadyTime window_began_{};
  std::uint64_t window_bytes_ = 0;
};

}  // namespace

Result<Saved> download_video(net::HttpClient& http, const base::Clock& clock, const Video& video,
                             PartFile part, const std::stop_token& stop) {
  return Transfer(http, clock, video, std::move(part), stop).run();
}

}  // namespace motion_mcp::download
