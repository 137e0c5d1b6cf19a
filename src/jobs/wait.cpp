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
class Notes {
 public:
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

Error cancelled() {
  return {ErrorKind::cancelled, "the wait was given up; the job itself goes on at the service",
          "Call get_video_status to go on waiting."};
}

Error no_answer_yet() {
  return {ErrorKind::interrupted, "the service had not answered yet when the wait ended",
          "Call get_video_status again; a longer wait_seconds gives it more time."};
}

Result<WaitEnd> conclude(const Notes::Page& page, const SharedLook& before) {
  const bool was_refused = page.is_over() && !*page.last;
  const SharedLook& seen = page.last ? page.seen : before;
  if (seen && *seen && !was_refused) return WaitEnd{**seen, !is_final(*seen)};
  const SharedLook& failed = page.last ? page.last : before;
  return failed ? failed->error() : no_answer_yet();
}

const JobView* view_in(const SharedLook& look) {
  return look && *look ? &**look : nullptr;
}

}  // namespace

Result<WaitEnd> wait_for_end(Watcher& watcher, const base::Clock& clock, std::string_view api_key,
                             std::string_view job_id, std::chrono::seconds length,
                             const std::stop_token& stop, const Heartbeat& heartbeat) {
  const SteadyTime begun = clock.now();
  const SteadyTime deadline = begun + length;
  Notes notes;
  const std::stop_callback wake(stop, [&] { notes.wake(); });
  const Watcher::Joined joined =
      TRY(watcher.join(api_key, job_id, [&](const SharedLook& look) { notes.add(look); }));

  bool has_beaten = false;
  SteadyTime next_beat = begun + kHeartbeat;
  for (;;) {
    const Notes::Page page = notes.read();
    if (stop.stop_requested()) return cancelled();
    const SteadyTime now = clock.now();
    if (page.is_over() || now >= deadline) return conclude(page, joined.before);

    const JobView* const latest = view_in(page.last ? page.seen : joined.before);
    if (now >= next_beat || (latest != nullptr && !has_beaten)) {
      heartbeat(std::chrono::duration_cast<milliseconds>(now - begun), latest);
      has_beaten = true;
      next_beat = now + kHeartbeat;
    }
    clock.sleep_until(std::min(deadline, next_beat), page.news);
  }
}

}  // namespace motion_mcp::jobs
