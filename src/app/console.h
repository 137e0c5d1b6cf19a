#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "base/error.h"

namespace motion_mcp::app {

// Where a command writes: results on `out`, everything else on `err`. Each may be called by one
// thread at a time.
struct Console {
  std::function<void(std::string_view)> out;
  std::function<void(std::string_view)> err;
  bool err_is_terminal = false;
};

// The process's: `out` goes to `out_descriptor` (file descriptor 1 belongs to nobody: see
// transport::take_stdout), `err` to standard error.
Console process_console(int out_descriptor);

// Why something that was written to the `out` of a process_console is lost; nullopt when nothing
// is. A reader that went away is no fault.
std::optional<Error> output_fault();

// "motion-mcp: <message>. <next step>" on `err`, secrets hidden.
void print_error(const Console& console, const Error& error);

}  // namespace motion_mcp::app
