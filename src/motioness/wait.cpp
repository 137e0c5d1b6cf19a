#include "motioness/wait.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/quote.h"

namespace motion_mcp::motioness {
namespace {

using base::SteadyTime;
using std::chrono::milliseconds;

constexpr milliseconds kPauseBetweenLooks{2000};
// Of a look, so that the last one ends soon after the wait.
constexpr std::chrono::seconds kPatience{5};

bool may_pass(ErrorKind kind) {
  return kind == ErrorKind::unreachable || kind == ErrorKind::interrupted ||
         kind == ErrorKind::unavailable || kind == ErrorKind::rate_limited;
}

Error cancelled() {
  return {ErrorKind::cancelled, "the wait was given up; the generation itself goes on at Motioness",
          "Call get_motion_asset with the same url to go on waiting; that is free."};
}

class Wait {
 public:
  Wait(const Client& client, const base::Clock& clock, const Project& project, const Link& link,
       Asset seen, SteadyTime deadline, const std::stop_token& stop, const StageSink& on_stage)
      : client_(client),
        clock_(clock),
        project_(project),
        link_(link),
        seen_(std::move(seen)),
        deadline_(deadline),
        stop_(stop),
        on_stage_(on_stage) {
    if (auto events = client_.events(project_, seen_.id)) events_.emplace(*std::move(events));
  }

  Result<WaitEnd> run() {
    on_stage_(words_for_stage(seen_.stage));
    while (clock_.now() < deadline_) {
      const bool is_over = events_ && listen();
      if (stop_.stop_requested()) return cancelled();
      // The last word is a GET's: only it says what a reader of the URL gets.
      auto looked = look(is_over);
      if (stop_.stop_requested()) return cancelled();
      if (!looked) {
        if (!may_pass(looked.error().kind)) return with_reason(std::move(looked).error());
        pause(looked.error().retry_after, true);
        continue;
      }
      seen_ = *std::move(looked);
      if (seen_.is_ready) return WaitEnd{std::move(seen_), false};
      pause(seen_.retry_after, false);
    }
    return WaitEnd{std::move(seen_), true};
  }

 private:
  // Until the last event, or until it is time to look anew. True for the first.
  bool listen() {
    bool is_over = false;
    const auto end = events_->follow(std::min(deadline_, clock_.now() + kLookAgainAfter), stop_,
                                     [&](const net::SseEvent& event) {
                                       const AssetEvent read = read_event(event);
                                       on_stage_(words_for_event(read));
                                       if (!read.error_code.empty()) last_failure_ = read;
                                       is_over = read.is_last();
                                       return !is_over;
                                     });
    // Looks alone go on where there is no stream, or nothing follows any more.
    if (!end || *end == net::StreamEnd::by_service || is_over) events_.reset();
    return is_over;
  }

  // Held by the service as long as nobody listens.
  Result<Asset> look(bool is_over) {
    const auto left = std::chrono::duration_cast<milliseconds>(deadline_ - clock_.now());
    const bool is_held = !events_ && !is_over && left.count() > 0;
    return client_.get(project_, link_, is_held ? left : milliseconds(0), stop_, kPatience);
  }

  // Not between two listenings, which are pauses themselves.
  void pause(std::optional<std::chrono::seconds> asked_for, bool has_failed) {
    if (events_ && !has_failed) return;
    milliseconds length = kPauseBetweenLooks;
    if (has_failed && asked_for) length = std::max<milliseconds>(length, *asked_for);
    clock_.sleep_until(std::min(deadline_, clock_.now() + length), stop_);
  }

  [[nodiscard]] Error with_reason(Error error) const {
    if (!last_failure_) return error;
    error.message += ", after " + base::quote(last_failure_->error_code);
    const std::string words = base::quote(last_failure_->error_message);
    if (!words.empty()) error.message += ": " + words;
    return error;
  }

  const Client& client_;
  const base::Clock& clock_;
  const Project& project_;
  const Link& link_;
  Asset seen_;
  const SteadyTime deadline_;
  const std::stop_token& stop_;
  const StageSink& on_stage_;
  std::optional<net::EventStream> events_;
  std::optional<AssetEvent> last_failure_;
};

}  // namespace

Result<WaitEnd> wait_for_asset(const Client& client, const base::Clock& clock,
                               const Project& project, const Link& link, Asset seen,
                               base::SteadyTime deadline, const std::stop_token& stop,
                               const StageSink& on_stage) {
  return Wait(client, clock, project, link, std::move(seen), deadline, stop, on_stage).run();
}

}  // namespace motion_mcp::motioness
