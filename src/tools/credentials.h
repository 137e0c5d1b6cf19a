#pragma once

#include <string_view>

namespace motion_mcp::tools {

// The further credentials (mcp::Caller) that toolsets work with: each has its toolset's name.
inline constexpr std::string_view kMosaicCredential = "mosaic";
inline constexpr std::string_view kMotionessCredential = "motioness";

// The one that the tools of `toolset` need; empty for Motion's own, which everybody sees.
std::string_view credential_of(std::string_view toolset);

}  // namespace motion_mcp::tools
