#pragma once

#include <string>

namespace motion_mcp::mcp {

// On whose behalf a request is served. Decided by the transport.
struct Caller {
  // The API key of this caller, empty when there is none. Never logged, never returned.
  std::string credential;
};

}  // namespace motion_mcp::mcp
