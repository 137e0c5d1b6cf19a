#include "jobs/wait.h"

#include <algorithm>
#include <mutex>
#include <string>
#include <utility>

namespace motion_mcp::jobs {
namespace {

using base::SteadyTime;
using std::chrono::milliseconds;

// What a wait has learned so far, between the threads that read and the one that waits.
template <class View>
class Notes {
 public:
  using SharedLook = typename BasicWatcher<View>::SharedLook;

  struct Page {
    SharedLook last;
    SharedLook seen;       // the last that succeeded
    std::stop_token news;  // requested when this page is outdated

    [[nodiscard]] bool is_over() const { return last && is_final(*last); }
  };

  void add(const SharedLook& look) {
    const std::lock_guard lock(mutex_);
    page_.last = look;
    if (*look) page_.seen = look;
    news_.request_stop();
  }

  void wake() {
    const std::lock_guard lock(mutex_);
    news_.request_stop();
  }

  Page read() {
    const std::lock_guard lock(mutex_);
    if (news_.stop_requested()) news_ = std::stop_source();
    page_.news = news_.get_token();
    return page_;
  }

 private:
  std::mutex mutex_;
  Page page_;
  std::stop_source news_;
};

Error cancelled(std::string_view status_tool) {
  return {ErrorKind::cancelled, "the wait was given up; the job itself goes on at the service",
          "Call " + std::string(status_tool) + " to go on waiting."};
}

Error no_answer_yet(std::string_view status_tool) {
  return {ErrorKind::interrupted, "the service had not answered yet when the wait ended",
          "Call " + std::string(status_tool) + " again; a longer wait_seconds gives it more time."};
}

template <class View>
Result<BasicWaitEnd<View>> conclude(const typename Notes<View>::Page& page,
                                    const typename Notes<View>::SharedLook& before,
                                    std::string_view status_tool) {
  const bool was_refused = page.is_over() && !*page.last;
  const auto& seen = page.last ? page.seen : before;
  if (seen && *seen && !was_refused) return BasicWaitEnd<View>{**seen, !is_final(*seen)};
  const auto& failed = page.last ? page.last : before;
  return failed ? failed->error() : no_answer_yet(status_tool);
}

}  // namespace

template <class View>
Result<BasicWaitEnd<View>> wait_for_end(
    BasicWatcher<View>& watcher, const base::Clock& clock, std::string_view api_key,
    std::string_view job_id, std::chrono::seconds length, const std::stop_token& stop,
    const std::type_identity_t<BasicHeartbeat<View>>& heartbeat) {
  const SteadyTime begun = clock.now();
  const SteadyTime deadline = begun + length;
  Notes<View> notes;
  const std::stop_callback wake(stop, [&] { notes.wake(); });
  const auto joined =
      TRY(watcher.join(api_key, job_id, [&](const auto& look) { notes.add(look); }));

  bool has_beaten = false;
  SteadyTime next_beat = begun + kHeartbeat;
  for (;;) {
    const auto page = notes.read();
    if (stop.stop_requested()) return cancelled(watcher.status_tool());
    const SteadyTime now = clock.now();
    if (page.is_over() || now >= deadline) {
      return conclude<View>(page, joined.before, watcher.status_tool());
    }

    const auto& seen = page.last ? page.seen : joined.before;
    const View* const latest = seen && *seen ? &**seen : nullptr;
    if (now >= next_beat || (latest != nullptr && !has_beaten)) {
      heartbeat(std::chrono::duration_cast<milliseconds>(now - begun), latest);
      has_beaten = true;
      next_beat = now + kHeartbeat;
    }
    clock.sleep_until(std::min(deadline, next_beat), page.news);
  }
}

template Result<BasicWaitEnd<JobView>> wait_for_end(BasicWatcher<JobView>&, const base::Clock&,
                                                    std::string_view, std::string_view,
                                                    std::chrono::seconds, const std::stop_token&,
                                                    const BasicHeartbeat<JobView>&);
template Result<BasicWaitEnd<ClipView>> wait_for_end(BasicWatcher<ClipView>&, const base::Clock&,
                                                     std::string_view, std::string_view,
                                                     std::chrono::seconds, const std::stop_token&,
                                                     const BasicHeartbeat<ClipView>&);

}  // namespace motion_mcp::jobs
