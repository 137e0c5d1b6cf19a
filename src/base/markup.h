#pragma once

#include <string>
#include <string_view>

namespace motion_mcp::base {

// `text` within double or single quotes of HTML, XML or JSX, or between tags.
std::string escape_markup(std::string_view text);

}  // namespace motion_mcp::base
