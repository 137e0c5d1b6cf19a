#pragma once

// What is suggested for a variable of a resource template or an argument of a prompt (MCP
// "Completion").

#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "mcp/caller.h"

namespace motion_mcp::mcp {

struct CompletionRequest {
  std::string_view variable;  // its name
  std::string_view value;     // what there is of it
  const Caller& caller;
  std::stop_token stop;
};

struct Completion {
  std::vector<std::string> values;   // best first; the client gets kMaxCompletions of them
  std::optional<std::size_t> total;  // when more is known than is here
};
inline constexpr std::size_t kMaxCompletions = 100;

// May block: it runs on a worker, many at a time. Exceptions become an internal error.
using Completer = std::function<Result<Completion>(const CompletionRequest&)>;

}  // namespace motion_mcp::mcp
