#include "transport/http_access_log.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <climits>

namespace motion_mcp::transport {
namespace {

// `value` needs no escapes.
void add_text(std::string& line, std::string_view name, std::string_view value) {
  line.append(",\"").append(name).append("\":\"").append(value).append("\"");
}

void add_number(std::string& line, std::string_view name, std::size_t value) {
  line.append(",\"").append(name).append("\":").append(std::to_string(value));
}

// A stranger may send any word; empty when the request could not be read.
std::string_view known(std::string_view method) {
  constexpr std::array<std::string_view, 7> kMethods = {"DELETE", "GET",  "HEAD", "OPTIONS",
                                                        "PATCH",  "POST", "PUT"};
  const bool is_known = std::find(kMethods.begin(), kMethods.end(), method) != kMethods.end();
  return method.empty() || is_known ? method : "other";
}

std::string milliseconds(std::chrono::microseconds took) {
  std::array<char, 32> text{};
  const double value = static_cast<double>(took.count()) / 1000;
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, 3);
  return {text.data(), end.ptr};
}

// How much of `lines` a pipe takes at once (pipe(7)): no other writer's text comes into a line.
std::size_t whole_lines(std::string_view lines) {
  if (lines.size() <= PIPE_BUF) return lines.size();
  const std::size_t end = lines.rfind('\n', PIPE_BUF - 1);
  return end == std::string_view::npos ? lines.size() : end + 1;
}

}  // namespace

std::string HttpAccessLog::line(const HttpServed& request, base::WallTime now) {
  std::string line;
  line.reserve(320);
  line.append("{\"time\":\"").append(base::to_rfc3339(now)).append("\"");
  add_text(line, "request_id", request.request_id);
  add_text(line, "client", request.client);
  add_text(line, "http", known(request.method));
  add_text(line, "path", request.path);
  if (!request.subject.method.empty()) add_text(line, "method", request.subject.method);
  if (!request.subject.tool.empty()) add_text(line, "tool", request.subject.tool);
  if (!request.subject.owner.empty()) add_text(line, "owner", request.subject.owner);
  add_number(line, "status", static_cast<std::size_t>(request.status));
  add_number(line, "bytes_in", request.bytes_in);
  add_number(line, "bytes_out", request.bytes_out);
  line.append(",\"ms\":").append(milliseconds(request.took));
  if (!request.outcome.empty()) add_text(line, "outcome", request.outcome);
  if (request.was_stream) line += ",\"stream\":true";
  if (request.client_left) line += ",\"client_left\":true";
  return line += "}\n";
}

void HttpAccessLog::served(const HttpServed& request) {
  const std::string text = line(request, base::system_clock().wall());
  const std::lock_guard lock(mutex_);
  lines_ += text;
}

void HttpAccessLog::flush() {
  const std::lock_guard in_order(writing_);
  taken_.clear();
  {
    const std::lock_guard lock(mutex_);
    taken_.swap(lines_);
  }
  for (std::string_view rest = taken_; !rest.empty();) {
    const std::size_t size = whole_lines(rest);
    write(rest.substr(0, size));
    rest.remove_prefix(size);
  }
}

void HttpAccessLog::write(std::string_view lines) {
  if (dropped_ > 0) {
    std::string told = "{\"time\":\"" + base::to_rfc3339(base::system_clock().wall()) + "\"";
    add_number(told, "dropped", dropped_);
    if (output_.write(told + "}\n")) dropped_ = 0;
  }
  if (dropped_ > 0 || !output_.write(lines)) {
    dropped_ += static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n'));
  }
}

}  // namespace motion_mcp::transport
