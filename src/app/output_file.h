#pragma once

#include <stop_token>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "download/part_file.h"

namespace motion_mcp::app {

// The file that --output names: it gets the usual permissions, replaces what is there, and a
// symbolic link is followed. invalid_argument when no file can be made there.
Result<download::PartFile> open_output(const std::string& path, const base::Clock& clock,
                                       const std::stop_token& stop);

}  // namespace motion_mcp::app
