#pragma once

// What main.cpp runs: each command, from its configuration to its exit code.

#include <string>

#include "app/command_line.h"
#include "app/config.h"
#include "app/console.h"
#include "app/environment.h"
#include "app/exit_code.h"
#include "app/wiring.h"

namespace motion_mcp::app {

ExitCode run_call_command(const Program& program, const Config& config, const CommandLine& line,
                          const Console& console);
// Serves until SIGINT, SIGTERM or SIGHUP, then lets the calls under way end. When some do not, the
// program is left behind: leave the process then.
ExitCode run_http(const Config& config, const Console& console);
ExitCode run_tools(const Program& program, const Config& config, const Console& console);
// invalid_argument when --oauth has no URL, or a URL no --oauth.
Result<ExitCode> run_doctor(const Program& program, const Config& config, const CommandLine& line,
                            const Console& console);

// Serves until SIGINT, SIGTERM or SIGHUP.
ExitCode run_sandbox(const Config& config, const Console& console);

ExitCode run_print_config(const Config& config, const CommandLine& line,
                          const Environment& environment, const Console& console);

}  // namespace motion_mcp::app
