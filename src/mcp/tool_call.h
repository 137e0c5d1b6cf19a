#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "jsonrpc/message.h"
#include "mcp/log_message.h"
#include "mcp/rounds.h"
#include "mcp/server.h"
#include "mcp/tool.h"
#include "mcp/tool_registry.h"

namespace motion_mcp::mcp {

// How an era serves a call.
struct CallRules {
  RoundRules rounds;
  // The JSON text of a result.
  std::function<std::string(const ToolResult&)> project;
  // The least level that the client wants to be told while the call runs; nullopt for nothing.
  std::optional<LogLevel> log_level = {};

  // The JSON text of a result that hands out a task, nullopt when it cannot be one; empty when the
  // client takes none.
  std::function<std::optional<std::string>(const RegisteredTool&, const StartedTask&,
                                           const Caller&)>
      project_task = {};
  // The client takes tasks, but shows the plain answer better: it gets a task only from a tool that
  // has no other answer.
  bool prefers_plain_answer = false;
};

// tools/call, for either era. An unknown tool is a JSON-RPC error, arguments that the tool's schema
// or check refuses are a failed result at once (MCP 2025-11-25, "Error Handling"), anything else is
// work.
Step call_tool(const ToolRegistry& tools, jsonrpc::Request request, const Caller& caller,
               CallRules rules);

}  // namespace motion_mcp::mcp
