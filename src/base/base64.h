#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace motion_mcp::base {

// Standard base64 with its padding (RFC 4648 section 4), strictly: no blanks, no missing or stray
// padding, no bits left over. Nullopt for anything else.
std::string encode_base64(std::string_view bytes);
std::optional<std::string> decode_base64(std::string_view text);

// base64url without padding (RFC 4648 section 5), as tokens and keys are written. Strict as well,
// so that every text has one form only.
std::string encode_base64url(std::string_view bytes);
std::optional<std::string> decode_base64url(std::string_view text);

}  // namespace motion_mcp::base
