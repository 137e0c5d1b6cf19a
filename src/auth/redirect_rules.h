#pragma once

// Where an authorization may be sent back to (RFC 6749 section 3.1.2, RFC 8252 section 7, OAuth 2.1
// section 2.3). Pure.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace motion_mcp::auth {

inline constexpr std::size_t kMaxRedirectUriBytes = 1024;

// Whether a client may have this redirect URI: https; http to 127.0.0.1, [::1] or localhost; or the
// scheme of an application: one of the well-known (cursor, vscode, vscode-insiders) or one that is
// a reversed domain name (RFC 8252 section 7.1). Never with a fragment, user information, bytes
// that are not those of a URI, or a query that says what only our answer says (code, state, iss,
// error). invalid_argument says why not.
Result<void> check_redirect_uri(std::string_view uri);

// Whether one of `registered` allows `asked`: byte for byte, but for the port of a loopback URI,
// which is free (RFC 8252 section 7.3). All are URIs that passed check_redirect_uri.
bool allows_redirect(std::span<const std::string> registered, std::string_view asked);

// To whom an answer sent there goes, for a person to read: the host with any port that is not the
// scheme's own ("claude.ai"), or the scheme of an application ("cursor:").
std::string redirect_host(std::string_view uri);

}  // namespace motion_mcp::auth
