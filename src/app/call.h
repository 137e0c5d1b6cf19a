#pragma once

// `motion-mcp call`: one tool call from a terminal or a script, through the same server that hosts
// talk to.

#include <stop_token>

#include "app/call_arguments.h"
#include "app/command_line.h"
#include "app/config.h"
#include "app/console.h"
#include "app/exit_code.h"
#include "app/mcp_client.h"
#include "base/clock.h"
#include "net/http_client.h"

namespace motion_mcp::app {

// What a call works with; tests put their own in its place. Must outlive it.
struct CallContext {
  McpClient& client;
  net::HttpClient& http;  // fetches the video, without the key
  const base::Clock& clock;
  const Console& console;
  ReadFile read_file;
  std::stop_token stop;  // Ctrl-C. A call that may spend is not given up for it: its answer, with
                         // the job's id, is waited for
};

// Calls `line.subject` with `line.arguments`. With config.wait or config.output it then looks at
// the job until nothing more can come, and fetches the video to config.output. What fails there,
// after a call that may have spent, is ExitCode::failed whatever it was: no other code may invite
// to repeat the whole. The result goes to stdout (one JSON document with config.json), all else to
// stderr.
ExitCode run_call(const CallContext& context, const Config& config, const CommandLine& line);

}  // namespace motion_mcp::app
