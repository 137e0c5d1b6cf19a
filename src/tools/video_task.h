#pragma once

// The task of a paid order (mcp/task.h): it ends with the finished video. Everything it needs is in
// its state, so it is good after a restart, with or without a ledger.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "jobs/followup.h"
#include "mcp/task.h"
#include "mcp/tool.h"
#include "tools/tool_table.h"

namespace motion_mcp::tools {

struct VideoTask {
  std::string job_id;
  // The followup whose video the task ends with; nullopt for the job's first.
  std::optional<jobs::Followup> followup = {};
  // Set when the call sent nothing, because the same arguments had ordered the job so long before.
  std::optional<std::chrono::seconds> ordered_before = {};
};

std::string to_state(const VideoTask& task);
std::optional<VideoTask> video_task_from(std::string_view state);

mcp::StartedTask started_task(const VideoTask& task, std::string_view message);

// How a job shows as a task:
//
//   the job                              the task
//   ready                                completed, with the result of get_video_status
//   failed, or its file failed           completed, likewise, with isError
//   awaiting_user_input                  completed, likewise: it says where to answer
//   a followup later than the task's     completed, likewise: its own video will not come any more
//   anything else                        working, with what get_video_status says as message
//   refused for good (401, 404 ...)      completed, with the error as result
//   cannot be asked at the moment        working, and the message says so
//
// A link is read anew at each look. Cancelling does nothing and says so: the API cannot.
std::shared_ptr<const mcp::TaskCode> make_video_tasks(std::string_view tool,
                                                      const Services& services);

}  // namespace motion_mcp::tools
