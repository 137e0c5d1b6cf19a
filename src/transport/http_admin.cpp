#include "transport/http_admin.h"

#include <utility>

namespace motion_mcp::transport {
namespace {

HttpReply text_reply(int status, std::string text,
                     std::string_view type = "text/plain; charset=utf-8") {
  return {status, {{"Content-Type", std::string(type)}}, std::move(text)};
}

HttpReply answer(const HttpAdmin::Sources& sources, const HttpRequest& request) {
  if (request.method != "GET" && request.method != "HEAD") {
    HttpReply reply = text_reply(405, "GET alone\n");
    reply.headers.emplace_back("Allow", "GET, HEAD");
    return reply;
  }
  const std::string_view path =
      std::string_view(request.target).substr(0, request.target.find('?'));
  if (path == "/healthz") return text_reply(200, "ok\n");
  if (path == "/readyz") {
    return sources.is_ready() ? text_reply(200, "ready\n") : text_reply(503, "stopping\n");
  }
  if (path == "/metrics") {
    return text_reply(200, sources.metrics(), "text/plain; version=0.0.4; charset=utf-8");
  }
  return text_reply(404, "Here are /healthz, /readyz and /metrics\n");
}

}  // namespace

HttpAdmin::HttpAdmin(Sources sources) : sources_(std::move(sources)) {}

bool HttpAdmin::owns(std::string_view path) const {
  return path == "/healthz" || path == "/readyz" || path == "/metrics";
}

std::optional<HttpReply> HttpAdmin::refuse(const HttpRequest& head) const {
  if (head.method == "GET" || head.method == "HEAD") return std::nullopt;
  return answer(sources_, head);
}

HttpAnswer HttpAdmin::serve(const HttpRequest& request) const {
  return {answer(sources_, request), {}};
}

}  // namespace motion_mcp::transport
