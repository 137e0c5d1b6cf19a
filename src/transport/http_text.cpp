#include "transport/http_text.h"

#include <array>
#include <charconv>
#include <ctime>

namespace motion_mcp::transport {
namespace {

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 303:
      return "See Other";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "";
  }
}

void add_header(std::string& text, std::string_view name, std::string_view value) {
  text += name;
  text += ": ";
  text += value;
  text += "\r\n";
}

std::string begin_reply(int status, const HttpHeaders& headers, const HttpReplyFrame& frame) {
  std::string text;
  text.reserve(512);
  text += "HTTP/1.1 ";
  text += std::to_string(status);
  text += ' ';
  text += reason_of(status);
  text += "\r\n";
  add_header(text, "Date", http_date());
  for (const auto& [name, value] : headers) add_header(text, name, value);
  // A result may be for this caller only, and a proxy that compresses holds a stream back.
  add_header(text, "Cache-Control", "no-store, no-transform");
  if (!frame.request_id.empty()) add_header(text, "X-Request-Id", frame.request_id);
  if (!frame.keep_alive) add_header(text, "Connection", "close");
  return text;
}

}  // namespace

std::string_view http_date() {
  thread_local std::time_t second = 0;
  thread_local std::array<char, 32> text{};
  const std::time_t now = std::time(nullptr);
  if (now != second) {
    second = now;
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    // The process never leaves the C locale, whose names RFC 9110 wants.
    std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
  }
  return text.data();
}

std::string print_reply(const HttpReply& reply, const HttpReplyFrame& frame) {
  std::string text = begin_reply(reply.status, reply.headers, frame);
  if (reply.status != 204) add_header(text, "Content-Length", std::to_string(reply.body.size()));
  text += "\r\n";
  if (frame.has_body) text += reply.body;
  return text;
}

std::string print_stream_head(const HttpHeaders& headers, const HttpReplyFrame& frame) {
  std::string text = begin_reply(200, headers, frame);
  add_header(text, "Content-Type", "text/event-stream");
  // For nginx, which would hold back small pieces.
  add_header(text, "X-Accel-Buffering", "no");
  add_header(text, "Transfer-Encoding", "chunked");
  text += "\r\n";
  return text;
}

std::string print_chunk(std::string_view data) {
  if (data.empty()) return {};
  std::array<char, 16> size{};
  const auto end = std::to_chars(size.data(), size.data() + size.size(), data.size(), 16).ptr;
  std::string chunk(size.data(), end);
  chunk.reserve(chunk.size() + data.size() + 4);
  chunk += "\r\n";
  chunk += data;
  chunk += "\r\n";
  return chunk;
}

}  // namespace motion_mcp::transport
