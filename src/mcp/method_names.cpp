#include "mcp/method_names.h"

#include <algorithm>
#include <array>

namespace motion_mcp::mcp {

std::string_view known_method(std::string_view method) {
  // Sorted.
  static constexpr std::array<std::string_view, 26> kMethods = {
      "completion/complete",
      "initialize",
      "logging/setLevel",
      "notifications/cancelled",
      "notifications/elicitation/complete",
      "notifications/initialized",
      "notifications/progress",
      "notifications/roots/list_changed",
      "notifications/tasks/status",
      "ping",
      "prompts/get",
      "prompts/list",
      "resources/list",
      "resources/read",
      "resources/subscribe",
      "resources/templates/list",
      "resources/unsubscribe",
      "server/discover",
      "subscriptions/listen",
      "tasks/cancel",
      "tasks/get",
      "tasks/list",
      "tasks/result",
      "tasks/update",
      "tools/call",
      "tools/list",
  };
  const auto* const found = std::lower_bound(kMethods.begin(), kMethods.end(), method);
  return found != kMethods.end() && *found == method ? *found : "other";
}

}  // namespace motion_mcp::mcp
