#pragma once

// The one shape in which the three video tools answer (design section 6): `structuredContent` for
// programs, the same facts as short text, and a resource_link to the MP4 once it is ready. Members
// without a value are left out; while a job runs without sources that keeps structuredContent under
// 400 bytes.

#include <chrono>
#include <string_view>

#include "jobs/job_view.h"
#include "mcp/tool.h"
#include "motion/types.h"

namespace motion_mcp::tools {

// The answer to an accepted create or followup. `message` says in a sentence what was accepted.
// Here and below, `max_wait` is the longest wait_seconds that get_video_status grants.
mcp::ToolResult started_result(const motion::Started& started, std::string_view message,
                               std::chrono::seconds max_wait);

// How a wait for the job went.
struct Waited {
  bool timed_out = false;  // it ended before the job was settled
  bool was_cut = false;    // it was to last longer than max_wait
};

// The answer to a read, or to a wait. `note` is a further sentence of its message, with a blank
// before it.
mcp::ToolResult job_result(const jobs::JobView& view, std::chrono::seconds max_wait,
                           const Waited& waited = {}, std::string_view note = {});

}  // namespace motion_mcp::tools
