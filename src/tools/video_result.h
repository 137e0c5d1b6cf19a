#pragma once

// The one shape in which the three video tools answer (design section 6): `structuredContent` for
// programs, the same facts as short text, and a resource_link to the MP4 once it is ready. Members
// without a value are left out; while a job runs without sources that keeps structuredContent under
// 400 bytes.

#include <string_view>

#include "jobs/job_view.h"
#include "mcp/tool.h"
#include "motion/types.h"

namespace motion_mcp::tools {

// The answer to an accepted create or followup. `message` says in a sentence what was accepted.
mcp::ToolResult started_result(const motion::Started& started, std::string_view message);

// The answer to a read.
mcp::ToolResult job_result(const jobs::JobView& view);

}  // namespace motion_mcp::tools
