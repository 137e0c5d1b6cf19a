#pragma once

// The argument wait_seconds, and what a call that waits tells meanwhile.

#include <chrono>
#include <string>

#include "base/json.h"
#include "mcp/tool.h"

namespace motion_mcp::tools {

struct Patience {
  std::chrono::seconds length;
  bool was_cut;  // more was asked for than `max_wait`
};
Patience patience_of(const Json& arguments, std::chrono::seconds max_wait);

// `message` says where the job stands; empty when the service has not answered yet.
mcp::Progress waiting_progress(std::chrono::milliseconds waited, std::string message);

// A further sentence of the answer's message, with a blank before it, for a wait that was cut.
std::string wait_was_cut(std::chrono::seconds max_wait);

}  // namespace motion_mcp::tools
