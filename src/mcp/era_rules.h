#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "mcp/resource.h"
#include "mcp/rounds.h"
#include "mcp/version.h"

namespace motion_mcp::mcp {

// How an era serves what is not a tool.
struct EraRules {
  Version version;
  // The JSON text of a result with these members (JSON text without the braces). `cache` is null
  // for a result that clients may not keep.
  std::function<std::string(std::string_view members, const CacheHint* cache)> project;
  RoundRules rounds = {};
};

// What is listed changes with the program, or with an announcement (changes.h), and with who asks
// only where tools need a further credential.
inline constexpr CacheHint kListCache{std::chrono::hours(1), false};

}  // namespace motion_mcp::mcp
