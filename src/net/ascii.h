#pragma once

// Letter case as protocols mean it: ASCII, whatever the locale.

#include <algorithm>
#include <string>
#include <string_view>

namespace motion_mcp::net {

constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline std::string to_lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) { return to_lower(c); });
  return result;
}

}  // namespace motion_mcp::net
