#include "app/environment.h"

#include <cstdlib>

namespace motion_mcp::app {

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
  };
}

bool counts_as_unset(const std::string& value) {
  if (value.empty()) return true;
  const std::size_t open = value.find("${");
  return open != std::string::npos && value.find('}', open) != std::string::npos;
}

std::optional<std::string> read_variable(const Environment& environment, const std::string& name) {
  auto value = environment(name);
  if (value && counts_as_unset(*value)) return std::nullopt;
  return value;
}

}  // namespace motion_mcp::app
