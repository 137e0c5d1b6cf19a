#pragma once

// A job as it stands for its owner: what the service shows, in the light of the last followup.

#include <chrono>
#include <optional>
#include <stop_token>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "jobs/followup_baselines.h"
#include "motion/client.h"
#include "motion/readiness.h"
#include "motion/types.h"

namespace motion_mcp::jobs {

// What is known of a followup whose answer was lost.
enum class FollowupDoubt {
  none,       // there was none, or it was certainly taken
  open,       // the video from before it shows; that may still change
  not_taken,  // it shows for so long that the followup does not seem to have been taken
};

// How long the previous video may show before a followup in doubt counts as not taken.
inline constexpr std::chrono::minutes kDoubtEndsAfter{2};

struct JobView {
  motion::Job job;
  motion::Stage stage = motion::Stage::waiting;
  FollowupDoubt doubt = FollowupDoubt::none;
  // Since the job was created or last followed up; nullopt when the service named no moment.
  std::optional<std::chrono::seconds> age;
  // The link's time is over, by this machine's clock.
  bool link_expired = false;
};

JobView view_of(motion::Job job, const std::optional<Followup>& followup, base::WallTime now);

// Views what was just read of `job_id` for `owner` (base/owner.h). A followup in doubt that turns
// out to be at work is remembered as accepted.
JobView view_read(motion::Job job, FollowupBaselines& baselines, const base::Clock& clock,
                  std::string_view owner, std::string_view job_id);

// Reads the job and views it. Errors are those of Client::get.
Result<JobView> read_job(const motion::Client& motion, FollowupBaselines& baselines,
                         const base::Clock& clock, std::string_view api_key,
                         std::string_view job_id, const std::stop_token& stop);

}  // namespace motion_mcp::jobs
