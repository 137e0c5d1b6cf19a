#pragma once

// What to paste into a host so that it launches this program.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/config.h"
#include "app/environment.h"
#include "app/flags.h"
#include "base/result.h"

namespace motion_mcp::app {

// A key that the program is to get: MOTION_API_KEY and its like.
struct LaunchKey {
  std::string variable;
  // The file that the variable's _FILE twin names, absolute; empty to have the host pass the
  // variable.
  std::string file = {};
};

// How a host is to launch us.
struct Launch {
  std::string program;  // absolute path
  std::vector<std::string> args;
  std::vector<LaunchKey> keys;
  // What the program needs to see besides the keys: hosts give servers an environment of their own.
  std::vector<std::pair<std::string, std::string>> environment;
};

struct HostConfig {
  std::string text;   // paste or pipe it as it is
  std::string where;  // a sentence or two for people
};

// claude-code, claude-desktop, cursor, vscode, codex, gemini, mcp-json. invalid_argument for any
// other host. Never contains a key.
Result<HostConfig> host_config(std::string_view host, const Launch& launch);

// The hosts above, in that order, separated by ", ".
std::string host_names();

// A launch that sees the same flags and settings as this process. A setting that holds a password
// (a proxy's) is left out.
Launch launch_like(std::string program, const Config& config, const GivenFlags& given,
                   const Environment& environment);

}  // namespace motion_mcp::app
