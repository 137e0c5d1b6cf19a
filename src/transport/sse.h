#pragma once

// Server-sent events as MCP sends them (HTML standard, "Server-sent events"; MCP "Streamable
// HTTP"). Without event ids: a stream here is never resumed.

#include <string>
#include <string_view>

namespace motion_mcp::transport {

// Keeps a stream alive through proxies that cut what is silent; clients skip it.
inline constexpr std::string_view kSseComment = ": keepalive\n\n";

// One message; `json` is a JSON text on one line.
inline std::string sse_event(std::string_view json) {
  std::string event;
  event.reserve(json.size() + 24);
  event += "event: message\ndata: ";
  event += json;
  event += "\n\n";
  return event;
}

}  // namespace motion_mcp::transport
