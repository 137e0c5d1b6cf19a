#include "app/signals.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>

namespace motion_mcp::app {
namespace {

constexpr std::array<int, 3> kSignals = {SIGINT, SIGTERM, SIGHUP};
constexpr char kStop = 's';
constexpr char kLeave = 'l';

// The write end of the pipe to the watcher: all that a signal handler may touch.
std::atomic<int> write_end{-1};
static_assert(std::atomic<int>::is_always_lock_free);

void send(char what) {
  const int saved = errno;
  [[maybe_unused]] const ssize_t written = ::write(write_end.load(), &what, 1);
  errno = saved;
}

void on_signal(int /*signal*/) {
  send(kStop);
}

}  // namespace

StopOnSignal::StopOnSignal() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return;
  read_end_ = ends[0];
  write_end = ends[1];
  watcher_ = std::thread([this] {
    char what = kLeave;
    while (::read(read_end_, &what, 1) < 0 && errno == EINTR) {
    }
    if (what == kStop) source_.request_stop();
  });

  struct sigaction action = {};
  action.sa_handler = on_signal;
  action.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
  for (const int signal : kSignals) {
    struct sigaction before = {};
    ::sigaction(signal, nullptr, &before);
    if (before.sa_handler != SIG_IGN) ::sigaction(signal, &action, nullptr);
  }
}

StopOnSignal::~StopOnSignal() {
  if (!watcher_.joinable()) return;
  for (const int signal : kSignals) {
    struct sigaction now = {};
    ::sigaction(signal, nullptr, &now);
    if (now.sa_handler == on_signal) std::signal(signal, SIG_DFL);
  }
  send(kLeave);
  watcher_.join();
  ::close(write_end.exchange(-1));
  ::close(read_end_);
}

}  // namespace motion_mcp::app
