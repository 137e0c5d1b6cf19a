#pragma once

// When a watched job is read again, and when it need not be. Pure: chance comes in as an argument.

#include <chrono>
#include <cstddef>

#include "base/result.h"
#include "jobs/clip_view.h"
#include "jobs/job_view.h"

namespace motion_mcp::jobs {

// What one read of a job brought.
using Look = Result<JobView>;
using ClipLook = Result<ClipView>;

// The job is settled (motion::is_settled), or the read was refused for a reason that time alone
// does not mend: another look would show the same unless somebody acts. A status or a failure that
// is not known to be final is not.
bool is_final(const Look& look);

// The same of a run of Mosaic: it has ended, or waits for credits.
bool is_final(const ClipLook& look);

inline constexpr std::chrono::seconds kMaxPollPause{20};

// How long to pause after `last`, the read number `reads` (1, 2, ...) of a job: 2, 3, 5, 5, 8, 12,
// 15 and from then on 20 s, at most 5 s while the file is rendered (it follows its job within a
// minute), 20 % more or less by `random_unit` (uniform in [0, 1)), never above kMaxPollPause. A
// Retry-After is waited for in full. The vendor asks for 2 to 5 s at first, then longer (seed 002,
// "Polling interval").
std::chrono::milliseconds pause_after(std::size_t reads, const Look& last, double random_unit);
// The same steps; Mosaic's pages ask for none in particular.
std::chrono::milliseconds pause_after(std::size_t reads, const ClipLook& last, double random_unit);

}  // namespace motion_mcp::jobs
