#pragma once

// Files of the user's, read whole.

#include <cstddef>
#include <string>

#include "base/result.h"

namespace motion_mcp::app {

// The content of the file at `path`; "-" is standard input. invalid_argument when it cannot be read
// or is longer than `max_bytes`.
Result<std::string> read_local_file(const std::string& path, std::size_t max_bytes);

}  // namespace motion_mcp::app
