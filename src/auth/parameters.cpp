#include "auth/parameters.h"

#include <algorithm>

#include "base/text.h"

namespace motion_mcp::auth {
namespace {

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

std::optional<std::string> decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    if (c == '+') {
      c = ' ';
    } else if (c == '%') {
      if (text.size() - at < 3) return std::nullopt;
      const auto high = hex_digit(text[at + 1]);
      const auto low = hex_digit(text[at + 2]);
      if (!high || !low) return std::nullopt;
      c = static_cast<char>(*high * 16 + *low);
      at += 2;
    }
    if (c == '\0') return std::nullopt;
    decoded += c;
  }
  if (!base::is_valid_utf8(decoded)) return std::nullopt;
  return decoded;
}

}  // namespace

Result<Parameters> Parameters::parse(std::string_view encoded) {
  Parameters parameters;
  while (!encoded.empty()) {
    const std::size_t end = std::min(encoded.find('&'), encoded.size());
    const std::string_view item = encoded.substr(0, end);
    encoded.remove_prefix(std::min(end + 1, encoded.size()));
    if (item.empty()) continue;
    const std::size_t equals = std::min(item.find('='), item.size());
    auto name = decode(item.substr(0, equals));
    auto value = decode(item.substr(std::min(equals + 1, item.size())));
    if (!name || !value) {
      return Error{ErrorKind::invalid_argument, "the parameters are not encoded as a form is"};
    }
    if (parameters.items_.size() == kMost) {
      return Error{ErrorKind::invalid_argument, "there are too many parameters"};
    }
    parameters.items_.emplace_back(*std::move(name), *std::move(value));
  }
  return parameters;
}

std::string_view Parameters::get(std::string_view name) const {
  const auto found = std::find_if(items_.begin(), items_.end(),
                                  [&](const auto& item) { return item.first == name; });
  return found == items_.end() ? std::string_view() : found->second;
}

std::vector<std::string_view> Parameters::all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : items_) {
    if (key == name) values.emplace_back(value);
  }
  return values;
}

std::optional<std::string_view> Parameters::repeated(std::string_view except) const {
  for (auto item = items_.begin(); item != items_.end(); ++item) {
    if (item->first == except) continue;
    const bool is_repeated = std::any_of(
        item + 1, items_.end(), [&](const auto& other) { return other.first == item->first; });
    if (is_repeated) return item->first;
  }
  return std::nullopt;
}

}  // namespace motion_mcp::auth
