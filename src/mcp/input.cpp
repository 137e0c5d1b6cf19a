#include "mcp/input.h"

namespace motion_mcp::mcp {
namespace {

std::string_view capability_of(std::string_view method) {
  if (method == "elicitation/create") return "elicitation";
  if (method == "sampling/createMessage") return "sampling";
  return "roots";
}

}  // namespace

bool can_answer(const Json& capabilities, std::string_view method) {
  const auto declared = capabilities.find(capability_of(method));
  if (declared == capabilities.end() || !declared->is_object()) return false;
  if (method != "elicitation/create") return true;
  // Without a mode it is the form alone (MCP 2025-11-25, "Elicitation", "Capabilities").
  return declared->empty() || declared->contains("form");
}

Json needed_capability(std::string_view method) {
  return {{capability_of(method), Json::object()}};
}

}  // namespace motion_mcp::mcp
