#pragma once

// Waiting for a job in the thread of a call.

#include <chrono>
#include <functional>
#include <stop_token>
#include <string_view>
#include <type_traits>

#include "base/clock.h"
#include "base/result.h"
#include "jobs/clip_view.h"
#include "jobs/job_view.h"
#include "jobs/watcher.h"

namespace motion_mcp::jobs {

template <class View>
struct BasicWaitEnd {
  View view;               // as last seen
  bool timed_out = false;  // the wait ended before the job was settled
};
using WaitEnd = BasicWaitEnd<JobView>;

// Told how long the wait has lasted and what was seen last (nullptr: nothing yet), as soon as there
// is something to see and then every kHeartbeat. Each `waited` is greater than the one before.
template <class View>
using BasicHeartbeat = std::function<void(std::chrono::milliseconds waited, const View* latest)>;
using Heartbeat = BasicHeartbeat<JobView>;
inline constexpr std::chrono::seconds kHeartbeat{5};

// Blocks until the job is settled (is_final of poll_schedule.h), for `length` at most, through
// whatever failures may pass. Errors: a refusal that ends it at once (is_final); `cancelled` at
// once when `stop` is requested; those of Watcher::join; and when no read since the beginning
// succeeded, what the last one failed of, or `interrupted` when none has ended yet. The job itself
// is never touched.
template <class View>
Result<BasicWaitEnd<View>> wait_for_end(
    BasicWatcher<View>& watcher, const base::Clock& clock, std::string_view api_key,
    std::string_view job_id, std::chrono::seconds length, const std::stop_token& stop,
    const std::type_identity_t<BasicHeartbeat<View>>& heartbeat);

extern template Result<BasicWaitEnd<JobView>> wait_for_end(BasicWatcher<JobView>&,
                                                           const base::Clock&, std::string_view,
                                                           std::string_view, std::chrono::seconds,
                                                           const std::stop_token&,
                                                           const BasicHeartbeat<JobView>&);
extern template Result<BasicWaitEnd<ClipView>> wait_for_end(BasicWatcher<ClipView>&,
                                                            const base::Clock&, std::string_view,
                                                            std::string_view, std::chrono::seconds,
                                                            const std::stop_token&,
                                                            const BasicHeartbeat<ClipView>&);

}  // namespace motion_mcp::jobs
