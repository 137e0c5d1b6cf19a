#pragma once

#include <string>

#include "app/command_line.h"

namespace motion_mcp::app {

// What --help prints for the command of `line`; for `call` with a tool, that tool's arguments.
std::string help_text(const CommandLine& line);

}  // namespace motion_mcp::app
