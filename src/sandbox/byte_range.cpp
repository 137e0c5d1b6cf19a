#include "sandbox/byte_range.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

namespace motion_mcp::sandbox {
namespace {

// nullopt for anything but digits; numbers too large for us are larger than any file here.
std::optional<std::size_t> parse_position(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() ? value : static_cast<std::size_t>(-1);
}

}  // namespace

RangeChoice choose_range(std::string_view header, std::size_t size) {
  constexpr std::string_view kUnit = "bytes=";
  if (!header.starts_with(kUnit)) return {};
  header.remove_prefix(kUnit.size());
  const std::size_t dash = header.find('-');
  if (dash == std::string_view::npos) return {};
  const std::string_view first_text = header.substr(0, dash);
  const std::string_view last_text = header.substr(dash + 1);

  if (first_text.empty()) {
    const auto suffix = parse_position(last_text);
    if (!suffix) return {};
    const std::size_t length = std::min(*suffix, size);
    if (length == 0) return Unsatisfiable{};
    return ByteRange{size - length, length};
  }

  const auto first = parse_position(first_text);
  const auto last = last_text.empty() ? static_cast<std::size_t>(-1) : parse_position(last_text);
  if (!first || !last || *last < *first) return {};
  if (*first >= size) return Unsatisfiable{};
  return ByteRange{*first, std::min(*last, size - 1) - *first + 1};
}

}  // namespace motion_mcp::sandbox
