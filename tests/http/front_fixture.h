#pragma once

// An HTTP front with toy tools, and requests made in one line.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "fakes/manual_clock.h"
#include "transport/http_front.h"
#include "unit/mcp/toy_resources.h"
#include "unit/mcp/toy_tools.h"

namespace motion_mcp::test {

inline constexpr const char* kHost = "127.0.0.1:8391";
inline constexpr const char* kKey = "motion_0123456789abcdef";

inline constexpr const char* kModernMeta =
    R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}})";

struct Front {
  mcp::Server server{toy_info(), {toy_tools(), toy_resources()}};
  fakes::ManualClock clock;
  transport::Admission::Limits limits;
  transport::Admission admission{limits, clock};
  std::shared_ptr<const base::SealKeys> keys = std::make_shared<const base::SealKeys>(
      *base::SealKeys::make({std::string(base::kSealKeyBytes, 'k')}));
  transport::HttpFront front{
      server, {{kHost, "any.example", "[::1]"}, {"https://claude.ai"}, "", ""}, admission, keys};
  std::vector<std::string> notifications;

  Front() = default;
  explicit Front(transport::Admission::Limits given) : limits(given) {}

  // The reply, run to its end when it is work.
  transport::HttpReply serve(const transport::HttpRequest& request) {
    transport::HttpStep step = front.serve(request).step;
    if (auto* work = std::get_if<transport::HttpWork>(&step)) {
      transport::HttpReply reply =
          work->run({{}, [this](std::string_view line) { notifications.emplace_back(line); }});
      reply.headers.insert(reply.headers.end(), work->headers.begin(), work->headers.end());
      return reply;
    }
    return std::get<transport::HttpReply>(step);
  }
};

inline transport::HttpRequest post(std::string body, transport::HttpHeaders more = {}) {
  transport::HttpRequest request{"POST",
                                 "/mcp",
                                 {{"Host", kHost},
                                  {"Authorization", std::string("Bearer ") + kKey},
                                  {"Content-Type", "application/json"},
                                  {"Accept", "application/json, text/event-stream"}},
                                 std::move(body)};
  request.headers.insert(request.headers.end(), more.begin(), more.end());
  return request;
}

// `params` without braces.
inline transport::HttpRequest legacy(const std::string& method, const std::string& params,
                                     transport::HttpHeaders more = {}) {
  return post(R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":{)" + params + "}}",
              std::move(more));
}

inline transport::HttpRequest modern(const std::string& method, const std::string& params,
                                     transport::HttpHeaders more = {}) {
  transport::HttpHeaders headers = {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", method}};
  headers.insert(headers.end(), more.begin(), more.end());
  return legacy(method, params + (params.empty() ? "" : ",") + kModernMeta, std::move(headers));
}

inline transport::HttpRequest without(transport::HttpRequest request, std::string_view header) {
  std::erase_if(request.headers, [&](const auto& item) { return item.first == header; });
  return request;
}

inline transport::HttpRequest with(transport::HttpRequest request, const std::string& header,
                                   const std::string& value) {
  request = without(std::move(request), header);
  request.headers.emplace_back(header, value);
  return request;
}

inline std::string header(const transport::HttpReply& reply, std::string_view name) {
  return std::string(transport::find_header(reply.headers, name).value);
}

inline int code_of(const transport::HttpReply& reply) {
  const Json body = Json::parse(reply.body);
  return body.contains("error") ? body["error"]["code"].get<int>() : 0;
}

}  // namespace motion_mcp::test
