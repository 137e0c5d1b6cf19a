#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "jsonrpc/message.h"
#include "mcp/request_state.h"
#include "mcp/server.h"
#include "mcp/tool.h"
#include "mcp/tool_registry.h"

namespace motion_mcp::mcp {

// How an era serves a call.
struct CallRules {
  // What the client declared that it can be asked.
  Json capabilities = Json::object();
  // The JSON text of a result.
  std::function<std::string(const ToolResult&)> project;

  // In the per-request era a call that needs input ends with a result that asks for it, made by
  // `project_input`, and comes again with the answers and the sealed state. In the handshake era
  // both are empty, and the client is asked while the call runs.
  const RequestState* state = nullptr;
  std::function<std::string(const InputRequired&, std::string_view sealed_state)> project_input =
      {};

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
