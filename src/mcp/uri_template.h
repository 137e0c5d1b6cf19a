#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace motion_mcp::mcp {

// By the names of a template's variables, in its order.
using UriVariables = std::vector<std::pair<std::string, std::string>>;

// A URI template of level 1 (RFC 6570): text, and variables as {name} with text between them. That
// is what resource templates need; a template that is none is a programming error and aborts.
class UriTemplate {
 public:
  explicit UriTemplate(std::string_view text);

  // The values that make `uri` of this template, decoded; nullopt when none do. A value has at
  // least one character, is valid UTF-8, and holds no "/", "?" or "#" but percent-encoded.
  [[nodiscard]] std::optional<UriVariables> match(std::string_view uri) const;

  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
  std::vector<std::string> texts_;  // one more than names_: before, between and after them
};

}  // namespace motion_mcp::mcp
