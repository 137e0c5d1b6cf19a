#pragma once

#include <optional>
#include <string_view>

#include "base/json_value.h"

namespace motion_mcp::app {

// The tools/list entry of a tool that was built in, served or not; nullopt for an unknown name.
std::optional<Json> tool_definition(std::string_view name);

}  // namespace motion_mcp::app
