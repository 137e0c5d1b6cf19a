#pragma once

#include <string_view>

#include "base/result.h"

namespace motion_mcp::mosaic {

inline constexpr std::string_view kDefaultBaseUrl = "https://api.mosaic.so";

// no_credential when `api_key` is empty or cannot be a Mosaic key (they start with mk_;
// docs.mosaic.so, "Introduction"), so that another service's key is never sent to this one.
Result<void> check_key(std::string_view api_key);

}  // namespace motion_mcp::mosaic
