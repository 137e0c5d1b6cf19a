#pragma once

// Extensions of MCP by their identifiers, as clients and servers declare them in their capabilities
// ("Extensions", SEP-2133).

#include "base/json_value.h"

namespace motion_mcp::mcp {

inline constexpr const char* kTasksExtension = "io.modelcontextprotocol/tasks";
inline constexpr const char* kAppsExtension = "io.modelcontextprotocol/ui";

// Whether `capabilities` declare it. Its settings are not looked at.
bool declares(const Json& capabilities, const char* extension);

}  // namespace motion_mcp::mcp
