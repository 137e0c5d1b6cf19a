#pragma once

#include <compare>
#include <string>

namespace motion_mcp::jsonrpc {

// A request id: a string or an integer (MCP, "Requests": never null), held as the JSON text it
// is, so that it compares and goes back without a conversion.
struct Id {
  std::string text;

  friend auto operator<=>(const Id&, const Id&) = default;
};

}  // namespace motion_mcp::jsonrpc
