#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/setting_reader.h"
#include "base/result.h"

namespace motion_mcp::app {

// A key of one service. It comes from a variable such as MOTION_API_KEY, or from the file that its
// twin MOTION_API_KEY_FILE names, never from argv, where every user of the machine could read it.
struct ApiKey {
  std::string value;  // empty when there is none
  std::string file;   // what the _FILE variable named, when the key is to come from there
  // Why there is no key although one was given, or it cannot be one: no_credential.
  std::optional<Error> problem;
};

// Reads `variable` or its _FILE twin, and has `check` look at what was given; nothing given is no
// problem. Blanks at the end of it are dropped.
ApiKey read_api_key(const SettingReader& reader, const std::string& variable,
                    Result<void> (*check)(std::string_view key));

}  // namespace motion_mcp::app
