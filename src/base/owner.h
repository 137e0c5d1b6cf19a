#pragma once

#include <string>
#include <string_view>

namespace motion_mcp::base {

// Names the holder of an API key where the key itself must not be kept: HMAC-SHA256 keyed by the
// key over a fixed label, as 64 hexadecimal digits. The same key always has the same owner id.
std::string owner_id(std::string_view api_key);

}  // namespace motion_mcp::base
