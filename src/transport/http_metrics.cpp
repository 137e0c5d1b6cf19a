#include "transport/http_metrics.h"

namespace motion_mcp::transport {
namespace {

std::string outcome_of(const HttpServed& request) {
  if (request.client_left) return "client_left";
  return request.outcome.empty() ? std::to_string(request.status) : std::string(request.outcome);
}

}  // namespace

void HttpMetrics::served(const HttpServed& request) {
  const std::string method = request.subject.method.empty() ? "none" : request.subject.method;
  const std::lock_guard lock(mutex_);
  ++requests_[{method, outcome_of(request)}];
  latencies_[method].add(request.took);
  bytes_in_ += request.bytes_in;
  bytes_out_ += request.bytes_out;
}

void HttpMetrics::print(MetricsText& text) const {
  const std::lock_guard lock(mutex_);
  text.begin(
      "motion_mcp_requests_total", "counter",
      "HTTP requests by MCP method and by what became of them: client_left, tool_error (isError), "
      "error (JSON-RPC), or else the status.");
  for (const auto& [key, count] : requests_) {
    text.add(count, {{"method", key.first}, {"outcome", key.second}});
  }
  text.begin("motion_mcp_request_seconds", "histogram",
             "From a request's first byte to the end of its answer, by MCP method.");
  for (const auto& [method, latency] : latencies_) latency.print(text, "method", method);
  text.begin("motion_mcp_request_bytes_total", "counter", "Bytes of request bodies.");
  text.add(bytes_in_);
  text.begin("motion_mcp_response_bytes_total", "counter", "Bytes of responses, headers included.");
  text.add(bytes_out_);
}

}  // namespace motion_mcp::transport
