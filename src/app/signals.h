#pragma once

#include <stop_token>
#include <thread>

namespace motion_mcp::app {

// Turns the first SIGINT, SIGTERM or SIGHUP into a stop request, made on a thread of its own. A
// second one of the same kind ends the process as if nobody listened. A signal that was ignored, as
// nohup and background jobs have it, stays ignored. One at a time.
class StopOnSignal {
 public:
  StopOnSignal();
  ~StopOnSignal();
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;

  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  int read_end_ = -1;
  std::thread watcher_;
};

}  // namespace motion_mcp::app
