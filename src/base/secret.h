#pragma once

#include <string_view>

namespace motion_mcp::base {

// Takes the same time wherever the two differ; the length alone may show.
bool equals_in_constant_time(std::string_view a, std::string_view b);

}  // namespace motion_mcp::base
