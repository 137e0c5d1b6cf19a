#include <filesystem>

#include "app/commands.h"
#include "app/print_config.h"

namespace motion_mcp::app {
namespace {

Result<std::string> own_path() {
  std::error_code error;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) return path.string();
  return Error{ErrorKind::internal, "the path of this program is not known: " + error.message()};
}

Result<HostConfig> configuration(const Config& config, const CommandLine& line,
                                 const Environment& environment) {
  return host_config(line.subject, launch_like(TRY(own_path()), config, line.flags, environment));
}

}  // namespace

ExitCode run_print_config(const Config& config, const CommandLine& line,
                          const Environment& environment, const Console& console) {
  const auto printed = configuration(config, line, environment);
  if (!printed) {
    print_error(console, printed.error());
    return exit_code_of(printed.error().kind);
  }
  console.err(printed->where + "\n");
  console.out(printed->text);
  return ExitCode::ok;
}

}  // namespace motion_mcp::app
