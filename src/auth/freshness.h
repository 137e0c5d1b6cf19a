#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace motion_mcp::auth {

// How long a shared cache may keep an answer with these headers (RFC 9111 sections 4.2.1, 5.2.2):
// s-maxage before max-age, less the Age, zero for no-store, no-cache and private. Nullopt when the
// answer does not say. An empty view is a header that is not there; Expires is not read.
std::optional<std::chrono::seconds> fresh_for(std::string_view cache_control, std::string_view age);

}  // namespace motion_mcp::auth
