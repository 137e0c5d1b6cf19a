#pragma once

#include <string_view>

#include "base/error.h"

namespace motion_mcp::app {

// How the program ends. Documented by `--help` and in the README; scripts depend on the numbers.
enum class ExitCode : int {
  ok = 0,
  failed = 1,           // the job failed, or the call did for a reason without a number of its own,
                        // or what came after a call that may have spent did: nothing to repeat
  usage = 2,            // a wrong flag or argument; nothing was sent
  credential = 3,       // no key, or the service refused it
  payment = 4,          // credits, plan, or nobody agreed to spend them
  state = 5,            // no such job, or its state does not allow the call
  try_again = 6,        // not reached, or refused for now: safe to repeat
  outcome_unknown = 7,  // a paid request may have been taken: do not repeat
  interrupted = 130,    // 128 + SIGINT, as shells count
};

ExitCode exit_code_of(ErrorKind kind);

// The table above for help texts, a line each.
extern const std::string_view kExitCodeHelp;

}  // namespace motion_mcp::app
