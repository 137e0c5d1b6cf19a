#pragma once

#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "mcp/server.h"
#include "tools/tool_table.h"

namespace motion_mcp::tools {

// The text that hosts show their model beside the tools: how the enabled ones work together. Always
// under 2 KB, where some hosts cut.
// `max_wait` is the longest wait_seconds that get_video_status grants.
std::string compose_instructions(std::span<const Entry> enabled, std::chrono::seconds max_wait);

// What is added for callers who have the credential of a further toolset. All of it together stays
// under 2 KB, too.
std::vector<mcp::FurtherInstructions> further_instructions(std::span<const Entry> enabled,
                                                           std::chrono::seconds max_wait);

}  // namespace motion_mcp::tools
