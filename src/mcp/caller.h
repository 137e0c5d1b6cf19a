#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace motion_mcp::mcp {

// On whose behalf a request is served. Decided by the transport. Nothing of it is ever logged or
// returned.
struct Caller {
  // The API key of this caller, empty when there is none: who it is to this server.
  std::string credential;
  // Keys of this caller for further services, by the name that tools ask for them by
  // (Tool::credential). An empty one counts as none.
  std::map<std::string, std::string, std::less<>> further = {};

  // The key of that name, `credential` for an empty name; empty when there is none.
  [[nodiscard]] std::string_view key(std::string_view name) const {
    if (name.empty()) return credential;
    const auto found = further.find(name);
    return found == further.end() ? std::string_view() : std::string_view(found->second);
  }
};

}  // namespace motion_mcp::mcp
