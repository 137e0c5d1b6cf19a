#include "transport/http_metrics.h"

namespace motion_mcp::transport {
namespace {

const std::string kNoMethod = "none";

std::string outcome_of(const HttpServed& request) {
  if (request.client_left) return "client_left";
  return request.outcome.empty() ? std::to_string(request.status) : std::string(request.outcome);
}

}  // namespace

void HttpMetrics::served(const HttpServed& request) {
  const std::string& method = request.subject.method.empty() ? kNoMethod : request.subject.method;
  const std::string outcome = outcome_of(request);
  const std::lock_guard lock(mutex_);
  OfMethod& figures = methods_[method];
  ++figures.requests[outcome];
  figures.latency.add(request.took);
  bytes_in_ += request.bytes_in;
  bytes_out_ += request.bytes_out;
}

void HttpMetrics::print(MetricsText& text) const {
  const std::lock_guard lock(mutex_);
  text.begin(
      "motion_mcp_requests_total", "counter",
      "HTTP requests by MCP method and by what became of them: client_left, tool_error (isError), "
      "error (JSON-RPC), or else the status.");
  for (const auto& [method, figures] : methods_) {
    for (const auto& [outcome, count] : figures.requests) {
      text.add(count, {{"method", method}, {"outcome", outcome}});
    }
  }
  text.begin("motion_mcp_request_seconds", "histogram",
             "From a request's first byte to the end of its answer, by MCP method.");
  for (const auto& [method, figures] : methods_) figures.latency.print(text, "method", method);
  text.begin("motion_mcp_request_bytes_total", "counter", "Bytes of request bodies.");
  text.add(bytes_in_);
  text.begin("motion_mcp_response_bytes_total", "counter", "Bytes of responses, headers included.");
  text.add(bytes_out_);
}

}  // namespace motion_mcp::transport
