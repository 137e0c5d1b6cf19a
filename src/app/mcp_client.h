#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/json_value.h"
#include "base/result.h"
#include "mcp/server.h"

namespace motion_mcp::app {

// An MCP client of the newest version over the in-memory transport: what a host is to the program
// over stdio, a command is to the same server within it. One thread's.
class McpClient {
 public:
  // `server` must outlive it.
  McpClient(const mcp::Server& server, mcp::Caller caller);
  // Asks what is in flight to stop and waits for it.
  ~McpClient();
  McpClient(const McpClient&) = delete;
  McpClient& operator=(const McpClient&) = delete;

  // The `result` of one request. A JSON-RPC error is invalid_argument or internal with its message;
  // a requested stop cancels the request, and is `cancelled`.
  Result<Json> request(std::string_view method, Json params, const std::stop_token& stop = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace motion_mcp::app
