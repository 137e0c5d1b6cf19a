#pragma once

// When a video is really there. "completed" is not the end: the file is rendered after it, and
// after a followup the previous file shows for a while (design decision 5).

#include <optional>
#include <string>

#include "motion/types.h"

namespace motion_mcp::motion {

// What a job showed just before a followup was sent: an output that still shows these moments is
// the previous video.
struct FollowupBaseline {
  std::optional<std::string> completed_at;
  std::optional<std::string> output_completed_at;
};

FollowupBaseline baseline_of(const Job& job);

enum class Stage {
  waiting,              // queued, created, running, or a word this program does not know
  awaiting_user_input,  // stops until a person answers in the web app; the API cannot
  rendering,            // the job is completed, its file is not
  previous_output,      // the file shown is the one from before the last followup
  ready,                // the file can be fetched
  failed,               // the job failed
  output_failed,        // the job completed, rendering its file failed
};

// `baseline` is the last followup's, when one is known.
Stage stage_of(const Job& job, const std::optional<FollowupBaseline>& baseline);

// No later read of the job will show another stage, unless somebody acts.
bool is_settled(Stage stage);

}  // namespace motion_mcp::motion
