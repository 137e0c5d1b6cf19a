#pragma once

// application/x-www-form-urlencoded, as queries and forms of OAuth are (RFC 6749 appendix B).

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace motion_mcp::auth {

class Parameters {
 public:
  static constexpr std::size_t kMost = 64;

  // invalid_argument for a "%" that encodes nothing, NUL, invalid UTF-8, and more than kMost.
  static Result<Parameters> parse(std::string_view encoded);

  // The first value; empty when there is none: a parameter without a value counts as left out (RFC
  // 6749 section 3.1).
  [[nodiscard]] std::string_view get(std::string_view name) const;
  [[nodiscard]] std::vector<std::string_view> all(std::string_view name) const;
  // A name other than `except` that occurs twice, which none may (RFC 6749 section 3.1).
  [[nodiscard]] std::optional<std::string_view> repeated(std::string_view except) const;

 private:
  std::vector<std::pair<std::string, std::string>> items_;
};

}  // namespace motion_mcp::auth
