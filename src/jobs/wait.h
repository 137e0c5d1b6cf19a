#pragma once

// Waiting for a job in the thread of a call.

#include <chrono>
#include <functional>
#include <stop_token>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "jobs/job_view.h"
#include "jobs/watcher.h"

namespace motion_mcp::jobs {

struct WaitEnd {
  JobView view;            // as last seen
  bool timed_out = false;  // the wait ended before the job was settled
};

// Told how long the wait has lasted and what was seen last (nullptr: nothing yet), as soon as there
// is something to see and then every kHeartbeat. Each `waited` is greater than the one before.
using Heartbeat = std::function<void(std::chrono::milliseconds waited, const JobView* latest)>;
inline constexpr std::chrono::seconds kHeartbeat{5};

// Blocks until the job is settled (motion::is_settled), for `length` at most, through whatever
// failures may pass. Errors: a refusal that ends it at once (is_final); `cancelled` at once when
// `stop` is requested; those of Watcher::join; and when no read since the beginning succeeded, what
// the last one failed of, or `interrupted` when none has ended yet. The job itself is never
// touched.
Result<WaitEnd> wait_for_end(Watcher& watcher, const base::Clock& clock, std::string_view api_key,
                             std::string_view job_id, std::chrono::seconds length,
                             const std::stop_token& stop, const Heartbeat& heartbeat);

}  // namespace motion_mcp::jobs
