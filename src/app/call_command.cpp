#include "app/call.h"
#include "app/commands.h"
#include "app/further_services.h"
#include "app/local_file.h"
#include "app/signals.h"
#include "base/clock.h"

namespace motion_mcp::app {
namespace {

// More than any argument may have.
constexpr std::size_t kMaxArgumentBytes = 1024UL * 1024;

}  // namespace

ExitCode run_call_command(const Program& program, const Config& config, const CommandLine& line,
                          const Console& console) {
  if (const auto error = missing_key(line.subject, config, program.caller())) {
    print_error(console, *error);
    return exit_code_of(error->kind);
  }
  const StopOnSignal signals;
  McpClient client(program.server(), program.caller());
  const CallContext context{
      client,
      program.http(),
      base::system_clock(),
      console,
      [](const std::string& path) { return read_local_file(path, kMaxArgumentBytes); },
      signals.token()};
  return run_call(context, config, line);
}

}  // namespace motion_mcp::app
