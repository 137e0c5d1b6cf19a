#pragma once

#include <functional>
#include <string>

#include "jsonrpc/message.h"
#include "mcp/server.h"
#include "mcp/tool.h"
#include "mcp/tool_registry.h"

namespace motion_mcp::mcp {

// Turns a tool's result into the JSON text of the era's and version's result.
using ProjectResult = std::function<std::string(const ToolResult&)>;

// tools/call, for either era. An unknown tool is a JSON-RPC error, arguments that the
// tool's schema or check refuses are a failed result at once (MCP 2025-11-25, "Error Handling"),
// anything else is work.
Step call_tool(const ToolRegistry& tools, jsonrpc::Request request, const Caller& caller,
               ProjectResult project);

}  // namespace motion_mcp::mcp
