#include "base/http_message.h"

#include <algorithm>

namespace motion_mcp::base {
namespace {

char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string_view trim_blanks(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return to_lower(x) == to_lower(y); });
}

HeaderValue find_header(const HttpHeaders& headers, std::string_view name) {
  HeaderValue found;
  for (const auto& [header, value] : headers) {
    if (!equals_ignoring_case(header, name)) continue;
    if (found.count++ == 0) found.value = trim_blanks(value);
  }
  return found;
}

}  // namespace motion_mcp::base
