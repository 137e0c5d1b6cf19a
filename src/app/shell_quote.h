#pragma once

#include <string>

namespace motion_mcp::app {

// `word` as a POSIX shell reads it back: as it is when no character of it is special.
std::string shell_quoted(const std::string& word);

}  // namespace motion_mcp::app
