#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "transport/http_listener.h"
#include "transport/latency_histogram.h"
#include "transport/metrics_text.h"

namespace motion_mcp::transport {

// Counts the requests of a listener: by MCP method and what became of them, and how long they took.
// Thread-safe.
class HttpMetrics final : public HttpObserver {
 public:
  void served(const HttpServed& request) override;
  void print(MetricsText& text) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> requests_;  // method, outcome
  std::map<std::string, LatencyHistogram> latencies_;                      // by method
  std::uint64_t bytes_in_ = 0;
  std::uint64_t bytes_out_ = 0;
};

}  // namespace motion_mcp::transport
