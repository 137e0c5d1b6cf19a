#include "app/commands.h"
#include "app/signals.h"
#include "base/clock.h"
#include "sandbox/server.h"

namespace motion_mcp::app {

ExitCode run_sandbox(const Config& config, const Console& console) {
  const StopOnSignal signals;
  const ListenAddress listen = config.listen.value_or(ListenAddress());
  const auto server =
      sandbox::Server::start({.host = listen.host, .port = listen.port, .speed = config.speed});
  if (!server) {
    print_error(console, server.error());
    return exit_code_of(server.error().kind);
  }
  console.out((*server)->api_base_url() + "\n");
  const base::Clock& clock = base::system_clock();
  while (clock.sleep_until(clock.now() + std::chrono::hours(1), signals.token())) {
  }
  return ExitCode::ok;
}

}  // namespace motion_mcp::app
