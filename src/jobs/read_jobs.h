#pragma once

// Reading several jobs of one owner at a time.

#include <chrono>
#include <cstddef>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "jobs/followup_baselines.h"
#include "jobs/poll_schedule.h"
#include "motion/client.h"

namespace motion_mcp::jobs {

// How many GETs of one read_jobs are under way at once, and how long all of them may take.
inline constexpr std::size_t kReadsAtOnce = 4;
inline constexpr std::chrono::seconds kReadsWithin{20};

// Reads each job with a single GET and views it (job_view.h), on this thread and at most
// kReadsAtOnce - 1 more. The looks are in the order of `job_ids`; a read that failed, or for which
// there was no time left, is an error among them. Fails as a whole when the key is refused, which
// ends the other reads too, and when `stop` is requested (cancelled).
Result<std::vector<Look>> read_jobs(const motion::Client& motion, FollowupBaselines& baselines,
                                    const base::Clock& clock, std::string_view api_key,
                                    const std::vector<std::string>& job_ids,
                                    const std::stop_token& stop);

}  // namespace motion_mcp::jobs
