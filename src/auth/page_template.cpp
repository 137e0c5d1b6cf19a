#include "auth/page_template.h"

#include <algorithm>

#include "base/markup.h"

namespace motion_mcp::auth {

std::string render_page(std::string_view page, const PageValues& values) {
  const auto value_of = [&](std::string_view name) {
    const auto found = values.find(name);
    return found == values.end() ? std::string_view() : std::string_view(found->second);
  };
  std::string text;
  while (true) {
    const std::size_t open = page.find("{{");
    text += page.substr(0, open);
    if (open == std::string_view::npos) return text;
    const std::size_t close = page.find("}}", open);
    std::string_view name = page.substr(open + 2, close - open - 2);
    page.remove_prefix(close + 2);
    const char sign = name.front();
    if (sign == '?' || sign == '&' || sign == '/') name.remove_prefix(1);
    if (sign == '?') {
      if (!value_of(name).empty()) continue;
      const std::string end = "{{/" + std::string(name) + "}}";
      page.remove_prefix(page.find(end) + end.size());
    } else if (sign == '&') {
      text += value_of(name);
    } else if (sign != '/') {
      text += base::escape_markup(value_of(name));
    }
  }
}

}  // namespace motion_mcp::auth
