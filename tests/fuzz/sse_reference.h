#pragma once

// Server-sent events as the HTML standard reads them ("Interpreting an event stream"), written for
// its likeness to that text.

#include <string>
#include <string_view>
#include <vector>

namespace motion_mcp::fuzz {

struct SseEvent {
  std::string type = "message";
  std::string data;
  std::string last_id;
  bool operator==(const SseEvent&) const = default;
};

std::vector<SseEvent> read_sse(std::string_view stream);

}  // namespace motion_mcp::fuzz
