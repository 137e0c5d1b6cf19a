#include "mcp/uri_template.h"

#include <cstdlib>

#include "base/log.h"
#include "base/text.h"

namespace motion_mcp::mcp {
namespace {

[[noreturn]] void abort_for(std::string_view text) {
  base::log_error("no URI template of level 1: " + std::string(text));
  std::abort();
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::optional<std::string> decode(std::string_view value) {
  std::string decoded;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '%') {
      decoded += value[i];
      continue;
    }
    if (i + 2 >= value.size()) return std::nullopt;
    const int high = hex_value(value[i + 1]);
    const int low = hex_value(value[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return base::is_valid_utf8(decoded) ? std::optional(std::move(decoded)) : std::nullopt;
}

}  // namespace

UriTemplate::UriTemplate(std::string_view text) {
  std::string_view rest = text;
  for (;;) {
    const std::size_t open = rest.find('{');
    texts_.emplace_back(rest.substr(0, open));
    if (open == std::string_view::npos) return;
    const std::size_t close = rest.find('}', open);
    if (close == std::string_view::npos || close == open + 1) abort_for(text);
    // Without text between them, nobody could tell where one value ends.
    if (!names_.empty() && texts_.back().empty()) abort_for(text);
    names_.emplace_back(rest.substr(open + 1, close - open - 1));
    rest.remove_prefix(close + 1);
  }
}

std::optional<UriVariables> UriTemplate::match(std::string_view uri) const {
  if (!uri.starts_with(texts_.front())) return std::nullopt;
  uri.remove_prefix(texts_.front().size());
  UriVariables variables;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const std::string& after = texts_[i + 1];
    const bool is_last = i + 1 == names_.size();
    if (is_last && !uri.ends_with(after)) return std::nullopt;
    const std::size_t end = is_last ? uri.size() - after.size() : uri.find(after);
    if (end == std::string_view::npos || end == 0) return std::nullopt;
    const std::string_view value = uri.substr(0, end);
    if (value.find_first_of("/?#") != std::string_view::npos) return std::nullopt;
    auto decoded = decode(value);
    if (!decoded) return std::nullopt;
    variables.emplace_back(names_[i], *std::move(decoded));
    uri.remove_prefix(end + after.size());
  }
  return uri.empty() ? std::optional(std::move(variables)) : std::nullopt;
}

}  // namespace motion_mcp::mcp
