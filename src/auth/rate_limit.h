#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace motion_mcp::auth {

// At most so many of something in any window of time that begins with the first, for each client
// address; the addresses of an IPv6 /64, which one customer has, count as one. Thread-safe; never
// blocks.
class RateLimit {
 public:
  // Remembered at once. Beyond, strangers share one allowance.
  static constexpr std::size_t kMaxAddresses = 10'000;

  // `clock` must outlive it.
  RateLimit(std::size_t most, std::chrono::seconds window, const base::Clock& clock)
      : most_(most), window_(window), clock_(clock) {}

  // Counts one. False when there were too many.
  bool take(std::string_view address);

  [[nodiscard]] std::chrono::seconds window() const { return window_; }

 private:
  struct Count {
    base::SteadyTime since;
    std::size_t taken = 0;
  };

  const std::size_t most_;
  const std::chrono::seconds window_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Count, std::less<>> counts_;
};

}  // namespace motion_mcp::auth
