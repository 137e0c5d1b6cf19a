#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "net/http_client.h"
#include "transport/latency_histogram.h"
#include "transport/metrics_text.h"

namespace motion_mcp::app {

// Counts the requests that go out: by HTTP method and what came back. At the log level debug each
// is a line. Thread-safe.
class UpstreamMeter final : public net::HttpClient {
 public:
  explicit UpstreamMeter(std::unique_ptr<net::HttpClient> client) : client_(std::move(client)) {}

  Result<net::HttpResponse> send(const net::HttpRequest& request, base::SteadyTime deadline,
                                 const std::stop_token& stop,
                                 const net::BodySink& sink = {}) override;
  void print(transport::MetricsText& text) const;

 private:
  const std::unique_ptr<net::HttpClient> client_;
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> requests_;  // method, outcome
  std::map<std::string, transport::LatencyHistogram> latencies_;           // by method
};

}  // namespace motion_mcp::app
