#pragma once

#include <string>
#include <string_view>

namespace motion_mcp::base {

// For one path segment or one value of a query: everything but the unreserved characters of RFC
// 3986 section 2.3 is escaped.
std::string percent_encode(std::string_view text);

}  // namespace motion_mcp::base
