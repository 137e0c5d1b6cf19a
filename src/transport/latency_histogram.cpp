#include "transport/latency_histogram.h"

#include <charconv>

namespace motion_mcp::transport {

void LatencyHistogram::add(std::chrono::microseconds took) {
  const double seconds = std::chrono::duration<double>(took).count();
  sum_seconds_ += seconds;
  for (std::size_t i = 0; i < kBoundsSeconds.size(); ++i) {
    if (seconds <= kBoundsSeconds[i]) ++counts_[i];
  }
  ++counts_.back();
}

void LatencyHistogram::print(MetricsText& text, std::string_view label,
                             std::string_view value) const {
  for (std::size_t i = 0; i < kBoundsSeconds.size(); ++i) {
    std::array<char, 16> bound{};
    const auto end = std::to_chars(bound.data(), bound.data() + bound.size(), kBoundsSeconds[i]);
    const std::string_view shown(bound.data(), static_cast<std::size_t>(end.ptr - bound.data()));
    text.add(counts_[i], {{label, value}, {"le", shown}}, "_bucket");
  }
  text.add(count(), {{label, value}, {"le", "+Inf"}}, "_bucket");
  text.add(sum_seconds_, {{label, value}}, "_sum");
  text.add(count(), {{label, value}}, "_count");
}

}  // namespace motion_mcp::transport
