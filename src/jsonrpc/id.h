#pragma once

#include <compare>
#include <string>

namespace motion_mcp::jsonrpc {

// A request id: a string or an integer (MCP, "Requests": never null), held as the JSON text it
// came as, so that it goes back byte for byte.
struct Id {
  std::string text;

  friend auto operator<=>(const Id&, const Id&) = default;
};

}  // namespace motion_mcp::jsonrpc
