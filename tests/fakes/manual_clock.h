#pragma once

// Time that moves only when a test, or a sleep, moves it.

#include <chrono>
#include <mutex>
#include <stop_token>
#include <vector>

#include "base/clock.h"

namespace motion_mcp::fakes {

// Thread-safe. sleep_until returns at once with the clock moved forward to the moment asked for; a
// sleep with a requested stop returns false, moves nothing and is not recorded.
class ManualClock final : public base::Clock {
 public:
  [[nodiscard]] base::SteadyTime now() const override {
    const std::scoped_lock lock(mutex_);
    return now_;
  }
  [[nodiscard]] base::WallTime wall() const override {
    const std::scoped_lock lock(mutex_);
    return wall_;
  }
  bool sleep_until(base::SteadyTime when, const std::stop_token& stop) const override {
    if (stop.stop_requested()) return false;
    const std::scoped_lock lock(mutex_);
    const auto slept = when > now_ ? when - now_ : base::SteadyTime::duration::zero();
    sleeps_.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(slept));
    move_forward(slept);
    return true;
  }

  void advance(std::chrono::milliseconds by) {
    const std::scoped_lock lock(mutex_);
    move_forward(by);
  }
  void set_wall(base::WallTime wall) {
    const std::scoped_lock lock(mutex_);
    wall_ = wall;
  }
  // How long each sleep lasted, in order.
  [[nodiscard]] std::vector<std::chrono::milliseconds> sleeps() const {
    const std::scoped_lock lock(mutex_);
    return sleeps_;
  }

 private:
  void move_forward(base::SteadyTime::duration by) const {
    now_ += by;
    wall_ += std::chrono::duration_cast<base::WallTime::duration>(by);
  }

  mutable std::mutex mutex_;
  mutable base::SteadyTime now_{std::chrono::hours(1)};
  // 2026-04-28T23:01:04Z, the day of the vendor's examples.
  mutable base::WallTime wall_{std::chrono::seconds(1777417264)};
  mutable std::vector<std::chrono::milliseconds> sleeps_;
};

}  // namespace motion_mcp::fakes
