#pragma once

// When a video is really there. "completed" is not the end: the file is rendered after it, and
// after a followup the previous file shows for a while (design decision 5).

#include <optional>
#include <string>

#include "motion/types.h"

namespace motion_mcp::motion {

// What a job showed just before its last followup was sent, for telling the previous video from the
// new one. Take it from a read right before the POST. With the baseline of a followup that was
// never taken, a job shows previous_output for good: who keeps one in doubt has to end the doubt.
//
// The file that a completed job shows (finished or failed) is judged by the first row that fits;
// "rendered" is output.completed_at, "completed" the job's completed_at:
//
//   rendered, before and now     completed, before and now   the file is
//   both known, equal            any                         previous (completed_at moves first)
//   both known, different        any                         new
//   one or none known            unknown before              new (nothing to compare)
//   one or none known            unknown now                 previous
//   one or none known            both known, equal           previous
//   now known, and earlier       both known, different       previous: a file is rendered only
//     than completed now                                       after its run completed (seed 002)
//   otherwise                    both known, different       new
//
// Moments are compared as times where they are RFC 3339, and as text where not.
struct FollowupBaseline {
  std::optional<std::string> completed_at;
  std::optional<std::string> output_completed_at;
};

FollowupBaseline baseline_of(const Job& job);

enum class Stage {
  waiting,              // queued, created, running, or a word this program does not know; also
                        // awaiting_user_input while pending_user_input is false: it is approved
                        // by itself
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
