#pragma once

// What a token may be used for (RFC 6749 section 3.3).

#include <string>
#include <string_view>

#include "base/result.h"

namespace motion_mcp::auth {

inline constexpr std::string_view kReadScope = "videos:read";
inline constexpr std::string_view kCreateScope = "videos:create";
// Asks for a refresh token (OpenID Connect Core section 11); says nothing about what may be done.
inline constexpr std::string_view kOfflineScope = "offline_access";

// `create` includes `read`: nothing can be made by who may not look.
enum class Scope { read, create };

// "videos:read videos:create"
std::string to_string(Scope scope);

struct AskedScope {
  Scope scope = Scope::create;
  bool is_offline = false;
};

// What the `scope` parameter asks for: everything when it is empty. Names that are not ours are
// passed over, as section 3.3 allows; invalid_argument when there are no others.
Result<AskedScope> parse_scope(std::string_view text);

}  // namespace motion_mcp::auth
