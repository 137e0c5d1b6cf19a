#include "app/console.h"

#include <unistd.h>

#include <cerrno>
#include <string>

#include "base/redact.h"

namespace motion_mcp::app {
namespace {

// A reader that went away is no reason to fail.
void write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace

Console process_console(int out_descriptor) {
  Console console;
  console.out = [out_descriptor](std::string_view text) { write_all(out_descriptor, text); };
  console.err = [](std::string_view text) { write_all(STDERR_FILENO, text); };
  console.err_is_terminal = ::isatty(STDERR_FILENO) == 1;
  return console;
}

void print_error(const Console& console, const Error& error) {
  std::string text = "motion-mcp: " + base::redact(error.message);
  if (!text.ends_with('?')) text += '.';
  if (!error.next_step.empty()) text += " " + error.next_step;
  console.err(text + "\n");
}

}  // namespace motion_mcp::app
