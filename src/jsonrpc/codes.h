#pragma once

namespace motion_mcp::jsonrpc {

// JSON-RPC 2.0 section 5.1, the one code that MCP had of its own before ("Resources"), and those
// that MCP 2026-07-28 adds ("Error codes").
enum class Code : int {
  parse_error = -32700,
  invalid_request = -32600,
  method_not_found = -32601,
  invalid_params = -32602,
  internal_error = -32603,
  resource_not_found = -32002,
  header_mismatch = -32020,
  missing_client_capability = -32021,
  unsupported_protocol_version = -32022,
};

}  // namespace motion_mcp::jsonrpc
