#pragma once

// Many callers who wait for few jobs, each on an event stream of its own.

#include <sys/types.h>

#include <cstddef>
#include <string>

#include "base/json.h"

namespace motion_mcp::bench {

struct Waiters {
  std::string url;  // of the MCP server
  std::string api;  // of the sandbox that it asks
  bool is_modern = false;
  std::size_t callers = 2000;
  std::size_t jobs = 200;
  pid_t server = 0;
  std::string memory_file;  // bytes of the server's cgroup; empty when it has none of its own
};

// What each caller costs in memory just before the first job ends, and at most; how often the jobs
// were read, and how long after the read that showed a job's end its callers were told.
Json measure_waiters(const Waiters& waiters);

}  // namespace motion_mcp::bench
