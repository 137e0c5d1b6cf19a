#pragma once

#include <map>
#include <string>
#include <string_view>

namespace motion_mcp::auth {

using PageValues = std::map<std::string, std::string, std::less<>>;

// The page that `page` and `values` make: {{name}} is a value, escaped; {{&name}} one as it is;
// {{?name}}...{{/name}} stands only when the value is not empty. Sections may hold others of other
// names. A name without a value is empty.
std::string render_page(std::string_view page, const PageValues& values);

}  // namespace motion_mcp::auth
