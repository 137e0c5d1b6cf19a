#pragma once

#include <cstddef>
#include <string_view>

namespace motion_mcp::sandbox {

inline constexpr std::string_view kDefaultAspectRatio = "16:9";

// A real H.264 MP4 of that shape, embedded in the program. The first run's and each followup's
// clip differ visibly from the one before. `aspect_ratio` is one of the vendor's five.
std::string_view clip(std::string_view aspect_ratio, std::size_t run);

}  // namespace motion_mcp::sandbox
