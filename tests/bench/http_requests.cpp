#include "bench/http_requests.h"

#include <utility>

namespace motion_mcp::bench {
namespace {

constexpr std::string_view kClientInfo = R"({"name":"http-bench","version":"1.0.0"})";
constexpr std::string_view kFetchHeaders =
    "accept-language: *\r\n"
    "sec-fetch-mode: cors\r\n"
    "user-agent: node\r\n"
    "accept-encoding: gzip, deflate\r\n";

void add(std::string& text, std::string_view name, std::string_view value) {
  text.append(name).append(": ").append(value).append("\r\n");
}

std::string begin(const Speaker& speaker, std::string_view method, std::string_view path) {
  std::string text;
  text.append(method).append(" ").append(path).append(" HTTP/1.1\r\n");
  add(text, "host", speaker.authority);
  add(text, "connection", "keep-alive");
  return text;
}

std::string end(std::string head, std::string_view body) {
  head += kFetchHeaders;
  add(head, "content-length", std::to_string(body.size()));
  return head.append("\r\n").append(body);
}

std::string post(const Speaker& speaker, bool has_version, std::string_view method,
                 std::string_view name, std::string_view body) {
  std::string text = begin(speaker, "POST", speaker.path);
  if (!speaker.is_modern && !speaker.session.empty()) add(text, "mcp-session-id", speaker.session);
  if (!speaker.is_modern && has_version) add(text, "mcp-protocol-version", "2025-11-25");
  add(text, "Authorization", "Bearer " + speaker.bearer);
  if (speaker.is_modern) {
    add(text, "mcp-protocol-version", "2026-07-28");
    add(text, "mcp-method", method);
    if (!name.empty()) add(text, "mcp-name", name);
  }
  add(text, "content-type", "application/json");
  add(text, "accept", "application/json, text/event-stream");
  return end(std::move(text), body);
}

std::string meta_of(const Speaker& speaker, std::string_view more) {
  std::string members;
  if (speaker.is_modern) {
    members.append(R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)")
        .append(R"("io.modelcontextprotocol/clientInfo":)")
        .append(kClientInfo)
        .append(R"(,"io.modelcontextprotocol/clientCapabilities":{})");
  }
  if (!members.empty() && !more.empty()) members += ',';
  members += more;
  return members.empty() ? "" : R"("_meta":{)" + members + "}";
}

std::string request(std::string_view method, std::string_view params) {
  std::string body = R"({"method":")";
  body.append(method).append(R"(","params":{)").append(params);
  return body.append(R"(},"jsonrpc":"2.0","id":)").append(kIdDigits).append("}");
}

}  // namespace

Ask initialize(const Speaker& speaker) {
  std::string params = R"("protocolVersion":"2025-11-25","capabilities":{},"clientInfo":)";
  params += kClientInfo;
  return {post(speaker, false, "initialize", {}, request("initialize", params)),
          200,
          {R"("protocolVersion":"2025-11-25")"}};
}

Ask initialized(const Speaker& speaker) {
  constexpr std::string_view kMethod = "notifications/initialized";
  return {
      post(speaker, true, kMethod, {}, R"({"method":"notifications/initialized","jsonrpc":"2.0"})"),
      202,
      {}};
}

Ask list_tools(const Speaker& speaker) {
  return {post(speaker, true, "tools/list", {}, request("tools/list", meta_of(speaker, {}))),
          200,
          {R"("name":"get_video_status")"}};
}

Ask call_status_tool(const Speaker& speaker, std::string_view arguments, std::string_view meta) {
  std::string params = R"("name":"get_video_status","arguments":)";
  params += arguments;
  const std::string members = meta_of(speaker, meta);
  if (!members.empty()) params += "," + members;
  return {post(speaker, true, "tools/call", "get_video_status", request("tools/call", params)),
          200,
          {}};
}

Ask create_job(const Speaker& speaker, std::string_view prompt) {
  std::string body = R"({"prompt":")";
  body.append(prompt).append("\"}");
  std::string text = begin(speaker, "POST", speaker.path + "/sessions");
  add(text, "Authorization", "Bearer " + speaker.bearer);
  add(text, "content-type", "application/json");
  return {end(std::move(text), body), 202, {R"("job_id":")"}};
}

Ask get_reads(const std::string& authority) {
  const Speaker nobody{false, authority, {}, {}, {}};
  return {begin(nobody, "GET", "/_sandbox/reads") + "\r\n", 200, {R"("end_seen_at")"}};
}

Ask get_job(const Speaker& speaker, std::string_view job_id) {
  std::string text = begin(speaker, "GET", speaker.path + "/sessions/" + std::string(job_id));
  add(text, "Authorization", "Bearer " + speaker.bearer);
  text += kFetchHeaders;
  return {text + "\r\n", 200, {"\"job_id\":\"" + std::string(job_id) + "\""}};
}

}  // namespace motion_mcp::bench
