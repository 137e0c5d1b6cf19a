#pragma once

#include <span>

#include "mcp/resource.h"
#include "tools/tool_table.h"

namespace motion_mcp::tools {

// motion://jobs, the first page of list_videos, and motion://jobs/{job_id}, what get_video_status
// says at once: for hosts whose user picks what the model sees. Part of what list_videos is, so
// none when that is not enabled. What is returned is thread-safe.
mcp::Resources make_job_resources(std::span<const Entry> enabled, const Services& services);

}  // namespace motion_mcp::tools
