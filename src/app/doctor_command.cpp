#include "app/commands.h"
#include "app/doctor.h"
#include "app/signals.h"
#include "base/clock.h"

namespace motion_mcp::app {
namespace {

constexpr std::chrono::seconds kResolveDeadline{10};

}  // namespace

ExitCode run_doctor(const Program& program, const Config& config, const Console& console) {
  const StopOnSignal signals;
  const base::Clock& clock = base::system_clock();
  const Examination examination{
      config,
      program.api_base_url(),
      config.sandbox || !config.api_key.problem ? program.caller().credential : std::string(),
      program.http(),
      clock,
      [&](const std::string& host) {
        return net::resolve(host, clock.now() + kResolveDeadline, signals.token());
      },
      probe_folder,
      probe_ledger,
      probe_output_dir};
  const std::vector<Finding> findings = examine(examination, signals.token());
  console.out(config.json ? findings_json(findings) : findings_text(findings));
  if (signals.token().stop_requested()) return ExitCode::interrupted;
  return has_failure(findings) ? ExitCode::failed : ExitCode::ok;
}

}  // namespace motion_mcp::app
