#pragma once

// HTTP/1.1 messages as bytes on a socket, only as far as a proxy must understand them.

#include <optional>
#include <string>
#include <string_view>

#include "fakes/sockets.h"

namespace motion_mcp::fakes {

struct HttpMessage {
  std::string head;  // first line and headers, with the blank line
  std::string body;  // as sent: chunks are not joined

  // The first word of a request, the second of a request or an answer.
  [[nodiscard]] std::string_view method() const;
  [[nodiscard]] std::string_view target() const;
  [[nodiscard]] std::optional<std::string> header(std::string_view name) const;
};

// Reads one message after another. Without a length, an answer lasts to the end of the connection.
class HttpMessageReader {
 public:
  explicit HttpMessageReader(const Socket& socket) : socket_(socket) {}

  // nullopt when the connection ends before the head is whole.
  std::optional<HttpMessage> read_head();
  // False when the connection ends before the body is whole.
  bool read_request_body(HttpMessage& message);
  bool read_answer_body(HttpMessage& message, bool answers_head);

 private:
  bool fill();
  // Moves bytes up to and including the end of a line to `to`.
  bool take_line(std::string& to, std::string& line);
  bool take(std::size_t count, std::string& to);
  bool take_chunks(std::string& to);

  const Socket& socket_;
  std::string buffer_;
};

}  // namespace motion_mcp::fakes
