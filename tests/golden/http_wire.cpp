#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/json_value.h"
#include "golden/wire.h"
#include "transport/http_front.h"

namespace motion_mcp::golden {
namespace {

constexpr const char* kHost = "127.0.0.1:8391";
// What every client sends, and every reply to it has: not worth a line in the transcript.
constexpr std::array kUsual = {"Host", "Authorization", "Content-Type"};

// The headers are those that a client of the version sends: none before 2025-06-18, which brought
// MCP-Protocol-Version, and what the body says once more since 2026-07-28.
class HttpWire final : public Wire {
 public:
  HttpWire(const mcp::Server& server, const base::Clock& clock, std::string_view version,
           TakeLine take)
      : version_(version),
        take_(std::move(take)),
        admission_({}, clock),
        front_(server, {{kHost}, {"https://claude.ai"}, "", ""}, admission_, seal_keys()) {}

  void send(std::string_view message) override {
    transport::HttpRequest request{"POST", "/mcp", headers_for(message), std::string(message)};
    show_and_serve(request);
  }
  void set_header(std::string_view line) override {
    const std::size_t colon = line.find(": ");
    REQUIRE_MESSAGE(colon != std::string_view::npos, line);
    changes_.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  void send_bodiless(std::string_view method) override {
    transport::HttpRequest request{std::string(method), "/mcp", {}, {}};
    request.headers = common_headers();
    show_and_serve(request);
  }

 private:
  static std::shared_ptr<const base::SealKeys> seal_keys() {
    return std::make_shared<const base::SealKeys>(base::new_seal_keys());
  }
  static transport::HttpHeaders common_headers() {
    return {{"Host", kHost}, {"Authorization", std::string("Bearer ") + kKey}};
  }

  [[nodiscard]] transport::HttpHeaders headers_for(std::string_view message) const {
    transport::HttpHeaders headers = common_headers();
    headers.emplace_back("Content-Type", "application/json");
    headers.emplace_back("Accept", "application/json, text/event-stream");
    const Json body = Json::parse(message, nullptr, /*allow_exceptions=*/false);
    const std::string method = body.is_object() ? body.value("method", "") : "";
    if (version_ >= "2025-06-18" && method != "initialize") {
      headers.emplace_back("MCP-Protocol-Version", version_);
    }
    if (version_ < "2026-07-28" || method.empty()) return headers;
    headers.emplace_back("Mcp-Method", method);
    const Json params = body.value("params", Json::object());
    for (const char* name : {"name", "uri", "taskId"}) {
      if (params.contains(name)) headers.emplace_back("Mcp-Name", params.value(name, ""));
    }
    return headers;
  }

  void show_and_serve(transport::HttpRequest& request) {
    std::string shown = spell(request.headers);
    for (const auto& change : std::exchange(changes_, {})) {
      std::erase_if(request.headers, [&](const auto& item) { return item.first == change.first; });
      if (!change.second.empty()) request.headers.push_back(change);
      shown = spell(request.headers);
      if (is_usual(change.first)) shown += " | " + change.first + ": " + change.second;
    }
    take_("-> " + request.method + " " + request.target + shown);
    if (!request.body.empty()) take_("-> " + request.body);
    transport::HttpStep step = front_.serve(request).step;
    if (auto* work = std::get_if<transport::HttpWork>(&step)) {
      const bool streams = work->may_stream;
      const auto reply = work->run({{}, [&](std::string_view message) {
                                      if (streams) take_("<- event: " + std::string(message));
                                    }});
      show(reply);
    } else {
      show(std::get<transport::HttpReply>(step));
    }
  }

  void show(const transport::HttpReply& reply) const {
    take_("<- " + std::to_string(reply.status) + spell(reply.headers));
    if (!reply.body.empty()) take_("<- " + reply.body);
  }

  static bool is_usual(std::string_view name) {
    return std::find(kUsual.begin(), kUsual.end(), name) != kUsual.end();
  }
  static std::string spell(const transport::HttpHeaders& headers) {
    std::string text;
    for (const auto& [name, value] : headers) {
      if (!is_usual(name)) text += " | " + name + ": " + value;
    }
    return text;
  }

  const std::string version_;
  const TakeLine take_;
  transport::Admission admission_;
  const transport::HttpFront front_;
  transport::HttpHeaders changes_;  // of the next request
};

}  // namespace

std::unique_ptr<Wire> make_http_wire(const mcp::Server& server, const base::Clock& clock,
                                     std::string_view version, TakeLine take) {
  return std::make_unique<HttpWire>(server, clock, version, std::move(take));
}

}  // namespace motion_mcp::golden
