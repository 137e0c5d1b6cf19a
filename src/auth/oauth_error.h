#pragma once

#include <string>
#include <string_view>

namespace motion_mcp::auth {

// An error in OAuth's own words (RFC 6749 sections 4.1.2.1 and 5.2, RFC 7591 section 3.2.2, RFC
// 8707 section 2). `code` is of static storage.
struct OAuthError {
  std::string_view code;
  std::string description;  // for developers; no quotation marks or backslashes
  int status = 400;
};

}  // namespace motion_mcp::auth
