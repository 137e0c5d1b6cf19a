#pragma once

#include "mcp/resource_registry.h"
#include "mcp/server.h"
#include "mcp/tool_registry.h"

namespace motion_mcp::mcp {

// MCP 2024-11-05 to 2025-11-25: a connection opens with `initialize`, and what it agreed on holds
// for the requests after it. Lenient about requests before it: some clients send them.
class HandshakeEra {
 public:
  HandshakeEra(const ServerInfo& info, const ToolRegistry& tools, const ResourceRegistry& resources)
      : info_(info), tools_(tools), resources_(resources) {}

  Step serve(jsonrpc::Request request, Connection& connection, const Caller& caller) const;

 private:
  Step initialize(const jsonrpc::Request& request, Connection& connection) const;
  Step list_tools(const jsonrpc::Request& request) const;

  const ServerInfo& info_;
  const ToolRegistry& tools_;
  const ResourceRegistry& resources_;
};

}  // namespace motion_mcp::mcp
