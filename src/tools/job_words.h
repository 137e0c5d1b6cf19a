#pragma once

// What to tell an agent about a job: where it stands, what to do now, when to look again.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "jobs/job_view.h"

namespace motion_mcp::tools {

struct JobWords {
  std::string message;
  std::string next_step;
  // Set while a later read may show more without anybody acting.
  std::optional<std::chrono::seconds> poll_after;
};

// `max_wait` is the longest wait_seconds that get_video_status grants.
JobWords words_for(const jobs::JobView& view, std::chrono::seconds max_wait);

// The call that waits for the job, as the beginning of a next step: no full stop at its end.
std::string wait_step(std::string_view job_id, std::chrono::seconds max_wait);

// For who polls without wait_seconds. The vendor asks for 2 to 5 s at first and longer for long
// jobs (seed 002, "Polling interval").
inline constexpr std::chrono::seconds kFirstPollAfter{3};

// Text of the service made fit to show, without quotes around it; empty when nothing of it is.
std::string shown_text(const std::optional<std::string>& text);

}  // namespace motion_mcp::tools
