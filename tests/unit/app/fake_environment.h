#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "app/environment.h"

namespace motion_mcp::app {

inline Environment fake_environment(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
}

}  // namespace motion_mcp::app
