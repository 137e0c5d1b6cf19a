#include "app/upstream_meter.h"

#include <chrono>
#include <string>
#include <string_view>

#include "base/log.h"

namespace motion_mcp::app {
namespace {

// A query may be a credential.
std::string_view without_query(std::string_view url) {
  return url.substr(0, url.find_first_of("?#"));
}

}  // namespace

Result<net::HttpResponse> UpstreamMeter::send(const net::HttpRequest& request,
                                              base::SteadyTime deadline,
                                              const std::stop_token& stop,
                                              const net::BodySink& sink) {
  const auto began = base::system_clock().now();
  auto response = client_->send(request, deadline, stop, sink);
  const auto took = base::system_clock().now() - began;
  const std::string outcome =
      response ? std::to_string(response->status) : std::string(to_string(response.error().kind));
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
  base::log_debug(request.method + " " + std::string(without_query(request.url)) + ": " + outcome +
                  ", " + std::to_string(milliseconds) + " ms");
  const std::lock_guard lock(mutex_);
  ++requests_[{request.method, outcome}];
  latencies_[request.method].add(std::chrono::duration_cast<std::chrono::microseconds>(took));
  return response;
}

void UpstreamMeter::print(transport::MetricsText& text) const {
  const std::lock_guard lock(mutex_);
  text.begin("motion_mcp_upstream_requests_total", "counter",
             "Requests to the video services by HTTP method and by status or failure.");
  for (const auto& [key, count] : requests_) {
    text.add(count, {{"method", key.first}, {"outcome", key.second}});
  }
  text.begin("motion_mcp_upstream_request_seconds", "histogram",
             "How long the video services took to answer, by HTTP method.");
  for (const auto& [method, latency] : latencies_) latency.print(text, "method", method);
}

}  // namespace motion_mcp::app
