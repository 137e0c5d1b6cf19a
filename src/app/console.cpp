#include "app/console.h"

#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>

#include "base/redact.h"

namespace motion_mcp::app {
namespace {

// errno of the first write to `out` that failed.
std::atomic<int> lost_output{0};

// 0, or errno.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) {
      // Whoever started us may have left it so: their end is read from, just not yet.
      pollfd room{descriptor, POLLOUT, 0};
      ::poll(&room, 1, -1);
      continue;
    }
    if (count < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return 0;
}

}  // namespace

Console process_console(int out_descriptor) {
  Console console;
  console.out = [out_descriptor](std::string_view text) {
    const int fault = write_all(out_descriptor, text);
    int none = 0;
    if (fault != 0 && fault != EPIPE) lost_output.compare_exchange_strong(none, fault);
  };
  console.err = [](std::string_view text) { write_all(STDERR_FILENO, text); };
  console.err_is_terminal = ::isatty(STDERR_FILENO) == 1;
  return console;
}

std::optional<Error> output_fault() {
  const int fault = lost_output.load();
  if (fault == 0) return std::nullopt;
  return Error{ErrorKind::internal,
               "the output could not be written: " + std::string(std::strerror(fault))};
}

void print_error(const Console& console, const Error& error) {
  std::string text = "motion-mcp: " + base::redact(error.message);
  if (!text.ends_with('?')) text += '.';
  if (!error.next_step.empty()) text += " " + error.next_step;
  console.err(text + "\n");
}

}  // namespace motion_mcp::app
