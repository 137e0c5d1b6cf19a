#pragma once

// Time that only a test moves, for threads that really sleep until it does.

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <stop_token>

#include "base/clock.h"

namespace motion_mcp::fakes {

// Thread-safe. sleep_until blocks until a test has moved the time there, or a stop is requested.
class SteppedClock final : public base::Clock {
 public:
  static constexpr base::SteadyTime kStart{std::chrono::hours(1)};

  [[nodiscard]] base::SteadyTime now() const override {
    const std::scoped_lock lock(mutex_);
    return now_;
  }
  [[nodiscard]] base::WallTime wall() const override {
    const std::scoped_lock lock(mutex_);
    // 2026-04-28T23:01:04Z, the day of the vendor's examples.
    return base::WallTime(std::chrono::seconds(1777417264)) +
           std::chrono::duration_cast<base::WallTime::duration>(now_ - kStart);
  }
  bool sleep_until(base::SteadyTime when, const std::stop_token& stop) const override {
    std::unique_lock lock(mutex_);
    const auto sleeper = sleepers_.insert(when);
    changed_.notify_all();
    changed_.wait(lock, stop, [&] { return now_ >= when; });
    sleepers_.erase(sleeper);
    return !stop.stop_requested();
  }

  void advance(std::chrono::milliseconds by) {
    const std::scoped_lock lock(mutex_);
    now_ += by;
    changed_.notify_all();
  }

  // Waits until `count` sleepers wait for exactly `after` from now. False when they do not come.
  [[nodiscard]] bool await_sleepers(std::chrono::milliseconds after, std::size_t count = 1) const {
    constexpr std::chrono::seconds kPatience{30};
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience,
                             [&] { return sleepers_.count(now_ + after) == count; });
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable_any changed_;
  base::SteadyTime now_ = kStart;
  mutable std::multiset<base::SteadyTime> sleepers_;
};

}  // namespace motion_mcp::fakes
