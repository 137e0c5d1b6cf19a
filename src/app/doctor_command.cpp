#include "app/commands.h"
#include "app/doctor.h"
#include "app/oauth_doctor.h"
#include "app/signals.h"
#include "base/clock.h"

namespace motion_mcp::app {
namespace {

constexpr std::chrono::seconds kResolveDeadline{10};

std::vector<Finding> examine_installation(const Program& program, const Config& config,
                                          const std::stop_token& stop) {
  const base::Clock& clock = base::system_clock();
  const Examination examination{
      config,
      program.api_base_url(),
      config.sandbox || !config.api_key.problem ? program.caller().credential : std::string(),
      program.mosaic_base_url(),
      program.http(),
      clock,
      [&](const std::string& host) {
        return net::resolve(host, clock.now() + kResolveDeadline, stop);
      },
      probe_folder,
      probe_ledger,
      probe_output_dir};
  return examine(examination, stop);
}

}  // namespace

Result<ExitCode> run_doctor(const Program& program, const Config& config, const CommandLine& line,
                            const Console& console) {
  const bool wants_oauth = line.flags.contains("oauth");
  if (wants_oauth == line.subject.empty()) {
    return Error{ErrorKind::invalid_argument,
                 wants_oauth ? "--oauth needs the URL of an MCP endpoint"
                             : "a URL goes with --oauth: motion-mcp doctor --oauth URL",
                 "See motion-mcp doctor --help."};
  }
  const StopOnSignal signals;
  const std::vector<Finding> findings =
      wants_oauth
          ? examine_oauth({line.subject, program.http(), base::system_clock()}, signals.token())
          : examine_installation(program, config, signals.token());
  console.out(config.json ? findings_json(findings) : findings_text(findings));
  if (signals.token().stop_requested()) return ExitCode::interrupted;
  return has_failure(findings) ? ExitCode::failed : ExitCode::ok;
}

}  // namespace motion_mcp::app
