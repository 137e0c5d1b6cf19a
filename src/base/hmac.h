#pragma once

#include <string>
#include <string_view>

namespace motion_mcp::base {

// HMAC-SHA256 (RFC 2104, FIPS 180-4) of `text` under `key`, both any bytes, as 64 lower-case
// hexadecimal digits. Aborts when OpenSSL lacks SHA-256. Thread-safe.
std::string hmac_sha256_hex(std::string_view key, std::string_view text);

}  // namespace motion_mcp::base
