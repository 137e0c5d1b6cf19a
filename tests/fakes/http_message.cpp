#include "fakes/http_message.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "net/headers.h"

namespace motion_mcp::fakes {
namespace {

std::string_view word(std::string_view text, int index) {
  text = text.substr(0, text.find("\r\n"));
  for (; index > 0; --index) text.remove_prefix(std::min(text.find(' ') + 1, text.size()));
  return text.substr(0, text.find(' '));
}

bool is_chunked(const HttpMessage& message) {
  return message.header("Transfer-Encoding") == "chunked";
}

}  // namespace

std::string_view HttpMessage::method() const {
  return word(head, 0);
}
std::string_view HttpMessage::target() const {
  return word(head, 1);
}

std::optional<std::string> HttpMessage::header(std::string_view name) const {
  std::string_view rest = head;
  while (rest.find("\r\n") != std::string_view::npos) {
    rest.remove_prefix(rest.find("\r\n") + 2);
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !net::same_header_name(line.substr(0, colon), name)) {
      continue;
    }
    std::string_view value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
    return std::string(value);
  }
  return std::nullopt;
}

std::optional<HttpMessage> HttpMessageReader::read_head() {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return std::nullopt;
  }
  HttpMessage message;
  take(end + 4, message.head);
  return message;
}

bool HttpMessageReader::read_request_body(HttpMessage& message) {
  if (is_chunked(message)) return take_chunks(message.body);
  const auto length = message.header("Content-Length");
  return !length || take(std::strtoul(length->c_str(), nullptr, 10), message.body);
}

bool HttpMessageReader::read_answer_body(HttpMessage& message, bool answers_head) {
  const std::string_view status = message.target();
  if (answers_head || status == "204" || status == "304") return true;
  if (is_chunked(message) || message.header("Content-Length")) return read_request_body(message);
  while (fill()) continue;
  message.body = std::exchange(buffer_, {});
  return true;
}

bool HttpMessageReader::fill() {
  const std::string bytes = socket_.read();
  buffer_ += bytes;
  return !bytes.empty();
}

bool HttpMessageReader::take_line(std::string& to, std::string& line) {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n")) == std::string::npos) {
    if (!fill()) return false;
  }
  line = buffer_.substr(0, end);
  return take(end + 2, to);
}

bool HttpMessageReader::take(std::size_t count, std::string& to) {
  while (buffer_.size() < count) {
    if (!fill()) return false;
  }
  to += buffer_.substr(0, count);
  buffer_.erase(0, count);
  return true;
}

bool HttpMessageReader::take_chunks(std::string& to) {
  std::string line;
  while (take_line(to, line)) {
    const std::size_t size = std::strtoul(line.c_str(), nullptr, 16);
    if (size > 0) {
      if (!take(size + 2, to)) return false;
      continue;
    }
    while (take_line(to, line)) {
      if (line.empty()) return true;
    }
  }
  return false;
}

}  // namespace motion_mcp::fakes
