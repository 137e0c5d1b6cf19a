#pragma once

#include "mcp/catalog.h"
#include "mcp/server.h"

namespace motion_mcp::mcp {

// MCP 2024-11-05 to 2025-11-25: a connection opens with `initialize`, and what it agreed on holds
// for the requests after it. Lenient about requests before it: some clients send them.
class HandshakeEra {
 public:
  HandshakeEra(const ServerInfo& info, const Catalog& catalog) : info_(info), catalog_(catalog) {}

  Step serve(jsonrpc::Request request, Connection& connection, const Caller& caller) const;

 private:
  Step initialize(const jsonrpc::Request& request, Connection& connection,
                  const Caller& caller) const;
  Step list_tools(const jsonrpc::Request& request, Version version, const Caller& caller) const;
  Step set_log_level(const jsonrpc::Request& request, Connection& connection) const;

  const ServerInfo& info_;
  const Catalog& catalog_;
};

}  // namespace motion_mcp::mcp
