#pragma once

// One thread that interrupts what has run out of time, for any number of requests.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "base/clock.h"

namespace motion_mcp::net {

// Thread-safe. The thread starts with the first watch. Must outlive its watches.
class Watchdog {
  struct Entry;
  using Queue = std::multimap<base::SteadyTime, Entry*>;

 public:
  Watchdog() = default;
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // Something under way. After its destructor has returned, its action does not run any more.
  class [[nodiscard]] Watch {
   public:
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    // Lets the time run out now. Any thread.
    void expire();

   private:
    friend Watchdog;
    Watch(Watchdog& watchdog, base::SteadyTime deadline, std::function<void()> interrupt);

    Watchdog& watchdog_;
    std::unique_ptr<Entry> entry_;
  };

  // Runs `interrupt` on the watchdog's thread at `deadline` and every kRepeat after it: what it
  // interrupts may be between two steps at the first call. `interrupt` must return at once and must
  // not call the watchdog. Throws std::system_error when the thread cannot be started.
  Watch watch(base::SteadyTime deadline, std::function<void()> interrupt);

  static constexpr std::chrono::milliseconds kRepeat{20};

 private:
  void run();
  void reschedule(Entry& entry, base::SteadyTime when);

  std::mutex mutex_;
  std::condition_variable changed_;
  Queue queue_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace motion_mcp::net
