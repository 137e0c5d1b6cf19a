#pragma once

#include <span>
#include <string>

#include "tools/tool_table.h"

namespace motion_mcp::tools {

// The text that hosts show their model beside the tools: how the enabled ones work together. Always
// under 2 KB, where some hosts cut.
std::string compose_instructions(std::span<const Entry> enabled);

}  // namespace motion_mcp::tools
