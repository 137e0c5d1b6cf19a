#pragma once

#include <csignal>

#include <array>

namespace motion_mcp::transport {

// Turns SIGINT, SIGTERM, SIGHUP and, on Linux, the death of the parent process into something to
// poll. Ignores SIGPIPE meanwhile. One at a time in a process; restores the handlers at its end.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // Becomes readable when a signal has come.
  [[nodiscard]] int fd() const { return pipe_[0]; }
  // Takes the signals that have come: true when one of them asks to stop.
  bool must_stop();

 private:
  static constexpr std::array<int, 3> kStopping = {SIGINT, SIGTERM, SIGHUP};
  // What the kernel sends on the parent's death. It comes when the *thread* that started us ends,
  // too, which means nothing: whether the parent is another one tells.
  static constexpr int kParentDeath = SIGUSR2;

  std::array<int, 2> pipe_ = {-1, -1};
  int parent_ = 0;
  std::array<struct sigaction, 5> previous_{};
};

}  // namespace motion_mcp::transport
