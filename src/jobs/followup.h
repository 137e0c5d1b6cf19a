#pragma once

#include "base/clock.h"
#include "motion/readiness.h"

namespace motion_mcp::jobs {

// A followup as it must be remembered: the previous video still shows for a while after it, and
// would be taken for the new one (design decision 5).
struct Followup {
  motion::FollowupBaseline baseline;
  base::WallTime sent_at;
  // False when the service's answer was lost: the followup may never have been taken.
  bool accepted = true;
};

}  // namespace motion_mcp::jobs
