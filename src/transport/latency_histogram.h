#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "transport/metrics_text.h"

namespace motion_mcp::transport {

// How long something took, in buckets from a millisecond to two minutes. Not thread-safe.
class LatencyHistogram {
 public:
  void add(std::chrono::microseconds took);
  [[nodiscard]] std::uint64_t count() const { return counts_.back(); }
  // The samples of one label's histogram; the metric has begun.
  void print(MetricsText& text, std::string_view label, std::string_view value) const;

 private:
  static constexpr std::array<double, 12> kBoundsSeconds = {0.001, 0.0025, 0.01, 0.05, 0.1, 0.25,
                                                            0.5,   1,      5,    15,   60,  120};
  std::array<std::uint64_t, kBoundsSeconds.size() + 1> counts_{};  // cumulative; the last is all
  double sum_seconds_ = 0;
};

}  // namespace motion_mcp::transport
