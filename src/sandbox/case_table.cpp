#include "sandbox/case_table.h"

#include <algorithm>

namespace motion_mcp::sandbox {
namespace {

constexpr std::string_view kPrefix = "sandbox:";

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

}  // namespace

std::optional<std::string_view> case_word(std::string_view prompt) {
  if (!prompt.starts_with(kPrefix)) return std::nullopt;
  prompt.remove_prefix(kPrefix.size());
  const auto end = std::find_if_not(prompt.begin(), prompt.end(), is_word_character);
  return prompt.substr(0, static_cast<std::size_t>(end - prompt.begin()));
}

std::string describe_case(std::string_view word, std::string_view effect) {
  constexpr std::size_t kColumn = 28;
  std::string line = "  " + std::string(kPrefix) + std::string(word);
  line.resize(std::max(kColumn, line.size() + 1), ' ');
  return line + std::string(effect) + "\n";
}

}  // namespace motion_mcp::sandbox
