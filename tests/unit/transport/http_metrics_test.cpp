// Tries to have a failure counted as a success because HTTP says 200.
#include "transport/http_metrics.h"

#include <doctest/doctest.h>

#include <string>

using namespace motion_mcp;
using transport::HttpMetrics;
using transport::HttpServed;
using transport::HttpSubject;

namespace {

std::string counted(const std::string& method, int status, std::string_view outcome, bool left) {
  HttpMetrics metrics;
  const HttpSubject subject{method, "", ""};
  HttpServed request{"id", "127.0.0.1", "POST", "/mcp", subject};
  request.status = status;
  request.outcome = outcome;
  request.client_left = left;
  metrics.served(request);
  transport::MetricsText text;
  metrics.print(text);
  const std::size_t begin = text.text().find("motion_mcp_requests_total{");
  return text.text().substr(begin, text.text().find('\n', begin) - begin);
}

}  // namespace

TEST_CASE("a request is counted by what became of it") {
  CHECK(counted("ping", 200, "", false) ==
        R"(motion_mcp_requests_total{method="ping",outcome="200"} 1)");
  CHECK(counted("", 413, "", false) ==
        R"(motion_mcp_requests_total{method="none",outcome="413"} 1)");
  CHECK(counted("tools/call", 200, "tool_error", false) ==
        R"(motion_mcp_requests_total{method="tools/call",outcome="tool_error"} 1)");
  CHECK(counted("tools/call", 200, "error", false) ==
        R"(motion_mcp_requests_total{method="tools/call",outcome="error"} 1)");
  CHECK(counted("tools/call", 200, "tool_error", true) ==
        R"(motion_mcp_requests_total{method="tools/call",outcome="client_left"} 1)");
}
