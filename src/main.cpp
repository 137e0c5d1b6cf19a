// The composition root, in the order of the flow.

#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "app/commands.h"
#include "app/further_services.h"
#include "app/help.h"
#include "app/tool_definition.h"
#include "base/log.h"
#include "transport/stdio.h"

namespace motion_mcp::app {
namespace {

// Leaves the process: calls may still run on threads that nobody waits for.
[[noreturn]] void serve(const Program& program, const Config& config, int out) {
  if (!config.sandbox && config.api_key.problem) {
    base::log_warning(config.api_key.problem->message +
                      ". Tools are listed; calls say what to do.");
  }
  for (const std::string& warning : key_warnings(config)) base::log_warning(warning);
  if (!config.sandbox && config.ledger_path.empty()) {
    base::log_warning(
        "no history is kept: the guard against paying twice knows only what this process sent");
  }
  if (::isatty(STDIN_FILENO) == 1) {
    base::log_warning("this is an MCP server waiting for a host; people want motion-mcp --help");
  }
  std::_Exit(transport::serve_stdio(program.server(), program.caller(), {STDIN_FILENO, out}));
}

// A result that nobody got is no success.
int exit_status(ExitCode code, const Console& console) {
  const auto fault = output_fault();
  if (fault) print_error(console, *fault);
  return static_cast<int>(fault && code == ExitCode::ok ? ExitCode::failed : code);
}

[[noreturn]] void leave(ExitCode code, const Console& console) {
  std::_Exit(exit_status(code, console));
}

Result<ExitCode> run(const std::vector<std::string>& args, const Environment& environment,
                     const Console& console, int out) {
  const CommandLine line = TRY(parse_command_line(args, tool_definition));
  if (line.wants_help || line.wants_version) {
    console.out(line.wants_help ? help_text(line) : "motion-mcp " + std::string(kVersion) + "\n");
    return ExitCode::ok;
  }
  const Config config = TRY(read_config(line.flags, environment));
  base::set_log_level(config.log_level);

  if (line.command == CommandName::sandbox) return run_sandbox(config, console);
  if (line.command == CommandName::print_config) {
    return run_print_config(config, line, environment, console);
  }
  if (line.command == CommandName::http) leave(run_http(config, console), console);
  const auto program = TRY(Program::make(config));
  switch (line.command) {
    case CommandName::call:
      return run_call_command(*program, config, line, console);
    case CommandName::tools:
      return run_tools(*program, config, console);
    case CommandName::doctor:
      return run_doctor(*program, config, line, console);
    default:
      serve(*program, config, out);
  }
}

}  // namespace
}  // namespace motion_mcp::app

int main(int argc, char** argv) {
  using namespace motion_mcp;
  // Before anything else, so that nothing a library prints can reach the host.
  const int out = transport::take_stdout();
  // A file that may not grow further is a fault of that write, not the end of the process.
  static_cast<void>(std::signal(SIGXFSZ, SIG_IGN));
  const app::Console console = app::process_console(out);
  try {
    const auto code = app::run({argv + 1, argv + argc}, app::process_environment(), console, out);
    if (code) return app::exit_status(*code, console);
    app::print_error(console, code.error());
    return static_cast<int>(app::exit_code_of(code.error().kind));
  } catch (const std::exception& fault) {
    base::log_error(std::string("ended by a defect: ") + fault.what());
    return static_cast<int>(app::ExitCode::failed);
  }
}
