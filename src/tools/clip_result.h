#pragma once

// How the clip tools answer: `structuredContent` for programs, the same facts as short text, and a
// resource_link to each clip once there is one. Members without a value are left out.

#include <chrono>
#include <string_view>

#include "jobs/clip_start.h"
#include "jobs/clip_view.h"
#include "mcp/tool.h"
#include "motion/types.h"
#include "tools/video_result.h"

namespace motion_mcp::tools {

// The answer to an accepted generate_clip. `message` says in a sentence what was accepted. Here and
// below, `max_wait` is the longest wait_seconds that get_clip_status grants.
mcp::ToolResult clip_started_result(const motion::Started& started, const jobs::ClipTrace& trace,
                                    std::string_view message, std::chrono::seconds max_wait);

// The answer to a read, or to a wait.
mcp::ToolResult clip_result(const jobs::ClipView& view, std::chrono::seconds max_wait,
                            const Waited& waited = {});

// The answer to cancel_clip and resume_clip: what was done, and what to do now. With `poll_after`
// the run goes on.
mcp::ToolResult clip_changed_result(std::string_view run_id, std::string_view message,
                                    std::string_view next_step,
                                    std::optional<std::chrono::seconds> poll_after = std::nullopt);

}  // namespace motion_mcp::tools
