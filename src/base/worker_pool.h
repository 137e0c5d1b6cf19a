#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

#include "base/clock.h"

namespace motion_mcp::base {

// Runs jobs that may block, each on a thread of its own up to a limit; what comes beyond waits in a
// bounded queue. Threads are made when needed, kept a few seconds after their last job, and have
// small stacks, so that a thousand waiting calls cost little. Jobs that end at once share few
// threads: while there is work one thread at a time is on its way to it, and calls the next before
// it begins its own. Thread-safe.
class WorkerPool {
 public:
  struct Limits {
    std::size_t threads = 256;
    std::size_t queued = 1024;
  };

  // Starts a detached thread that calls `run`; false when the machine has none.
  using StartThread = bool (*)(void* (*run)(void*), void* argument);
  static bool start_small_thread(void* (*run)(void*), void* argument);

  explicit WorkerPool(Limits limits, StartThread start = start_small_thread)
      : limits_(limits), start_(start) {}
  // Waits for every job that was taken.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False when the limits are reached, or below them no thread is free and none can be made: the
  // job was not taken, for those that run may take a minute. `job` must not throw.
  [[nodiscard]] bool submit(std::function<void()> job);

  // True when no job is queued or running; waits until `deadline` for it.
  bool wait_idle(SteadyTime deadline);

 private:
  bool start_thread();
  bool call_thread();
  void work();

  const Limits limits_;
  const StartThread start_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable idle_;
  std::deque<std::function<void()>> queue_;
  std::size_t threads_ = 0;
  std::size_t running_ = 0;  // threads that run a job
  std::size_t waiting_ = 0;  // threads that wait for one
  bool is_coming_ = false;   // a thread was called and has not taken a job yet
  bool stopping_ = false;
};

}  // namespace motion_mcp::base
