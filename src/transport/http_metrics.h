#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

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
  struct OfMethod {
    std::map<std::string, std::uint64_t> requests;  // by outcome
    LatencyHistogram latency;
  };

  mutable std::mutex mutex_;
  std::map<std::string, OfMethod> methods_;
  std::uint64_t bytes_in_ = 0;
  std::uint64_t bytes_out_ = 0;
};

}  // namespace motion_mcp::transport
