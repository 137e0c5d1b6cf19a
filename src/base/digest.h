#pragma once

#include <string>
#include <string_view>

namespace motion_mcp::base {

// Two lower-case digits for every byte.
std::string to_hex(std::string_view bytes);

// SHA-256 (FIPS 180-4) as 64 hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace motion_mcp::base
