#include "app/exit_code.h"

namespace motion_mcp::app {

ExitCode exit_code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid_argument:
      return ExitCode::usage;
    case ErrorKind::no_credential:
    case ErrorKind::unauthenticated:
      return ExitCode::credential;
    case ErrorKind::insufficient_credits:
    case ErrorKind::plan_required:
    case ErrorKind::needs_approval:
      return ExitCode::payment;
    case ErrorKind::not_found:
    case ErrorKind::conflict:
      return ExitCode::state;
    case ErrorKind::rate_limited:
    case ErrorKind::unavailable:
    case ErrorKind::unreachable:
    case ErrorKind::interrupted:
    case ErrorKind::upstream_failure:
      return ExitCode::try_again;
    case ErrorKind::outcome_unknown:
      return ExitCode::outcome_unknown;
    case ErrorKind::cancelled:
      return ExitCode::interrupted;
    case ErrorKind::bad_response:
    case ErrorKind::internal:
      return ExitCode::failed;
  }
  return ExitCode::failed;
}

const std::string_view kExitCodeHelp =
    "Exit codes:\n"
    "  0    done\n"
    "  1    the job failed; or it was ordered, and waiting for it or saving it failed; or the "
    "call\n"
    "       failed for a reason not listed here\n"
    "  2    wrong flag or argument; nothing was sent\n"
    "  3    no key, or the service refused it\n"
    "  4    not enough credits, the plan lacks the feature, or nobody agreed to the cost\n"
    "  5    no such job, or its state does not allow the call\n"
    "  6    service not reached, or it refused for now; safe to repeat\n"
    "  7    a paid request may have been taken: do what the error says\n"
    "  130  interrupted\n";

}  // namespace motion_mcp::app
