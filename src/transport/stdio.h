#pragma once

// MCP's stdio transport (2026-07-28 "stdio"): one message per line, stdout for messages alone.

#include "mcp/server.h"

namespace motion_mcp::transport {

// File descriptors that a host talks to us through. Owned by the caller.
struct StdioChannel {
  int in = -1;
  int out = -1;
};

// Takes stdout for MCP: returns a private duplicate of file descriptor 1, and points 1 at stderr,
// so that nothing a library prints can reach the host. Stdin and stderr, when they are closed, are
// /dev/null from now on. Call before anything else runs. -1 when there is no descriptor 1.
int take_stdout();

// Serves until the input ends, the host dies or SIGINT, SIGTERM or SIGHUP arrives, and returns at
// most 2 s after that, whatever is in flight. Calls in flight may still run on detached threads
// when it returns: leave the process with std::_Exit. Returns the exit code.
int serve_stdio(const mcp::Server& server, const mcp::Caller& caller, StdioChannel channel);

}  // namespace motion_mcp::transport
