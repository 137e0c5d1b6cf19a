#include "transport/stop_signals.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>

#ifdef __linux__
#include <sys/prctl.h>
#endif

namespace motion_mcp::transport {
namespace {

std::atomic<int> g_signal_pipe{-1};

extern "C" void on_signal(int number) {
  const int saved = errno;
  const char byte = static_cast<char>(number);
  // A full pipe means that signals enough are waiting to be seen.
  static_cast<void>(!::write(g_signal_pipe.load(), &byte, 1));
  errno = saved;
}

void handle(int number, void (*handler)(int), struct sigaction& previous) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  ::sigaction(number, &action, &previous);
}

}  // namespace

StopSignals::StopSignals() : parent_(::getppid()) {
  if (::pipe(pipe_.data()) == 0) {
    for (const int fd : pipe_) {
      ::fcntl(fd, F_SETFD, FD_CLOEXEC);
      ::fcntl(fd, F_SETFL, O_NONBLOCK);
    }
  }
  g_signal_pipe = pipe_[1];
  std::size_t slot = 0;
  for (const int number : kStopping) handle(number, on_signal, previous_[slot++]);
  handle(kParentDeath, on_signal, previous_[slot++]);
  handle(SIGPIPE, SIG_IGN, previous_[slot]);
#ifdef __linux__
  ::prctl(PR_SET_PDEATHSIG, kParentDeath);
#endif
}

StopSignals::~StopSignals() {
#ifdef __linux__
  ::prctl(PR_SET_PDEATHSIG, 0);
#endif
  std::size_t slot = 0;
  for (const int number : kStopping) ::sigaction(number, &previous_[slot++], nullptr);
  ::sigaction(kParentDeath, &previous_[slot++], nullptr);
  ::sigaction(SIGPIPE, &previous_[slot], nullptr);
  g_signal_pipe = -1;
  for (const int fd : pipe_) ::close(fd);
}

bool StopSignals::must_stop() {
  bool stop = false;
  char number = 0;
  while (::read(pipe_[0], &number, 1) == 1) {
    stop = stop || std::find(kStopping.begin(), kStopping.end(), number) != kStopping.end();
    stop = stop || (number == kParentDeath && ::getppid() != parent_);
  }
  return stop;
}

}  // namespace motion_mcp::transport
