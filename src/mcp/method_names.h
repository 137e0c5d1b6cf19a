#pragma once

#include <string_view>

namespace motion_mcp::mcp {

// `method` when MCP knows a method or notification of that name in any version, else "other": fit
// for labels and logs, where a stranger's text must not go.
std::string_view known_method(std::string_view method);

}  // namespace motion_mcp::mcp
