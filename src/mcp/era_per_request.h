#pragma once

#include <string>

#include "mcp/server.h"
#include "mcp/tool_registry.h"

namespace motion_mcp::mcp {

// MCP 2026-07-28: every request states its version and capabilities, the server keeps nothing
// between requests.
class PerRequestEra {
 public:
  PerRequestEra(const ServerInfo& info, const ToolRegistry& tools);

  Step serve(jsonrpc::Request request, const Connection& connection, const Caller& caller) const;

 private:
  Step discover(const jsonrpc::Request& request) const;
  Step list_tools(const jsonrpc::Request& request) const;
  Step listen(jsonrpc::Request request) const;
  [[nodiscard]] std::string project(const ToolResult& result) const;

  const ServerInfo& info_;
  const ToolRegistry& tools_;
  const Json meta_;  // of every result
  const std::string meta_text_;
};

}  // namespace motion_mcp::mcp
