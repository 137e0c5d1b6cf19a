#pragma once

// A client on a loopback socket that says exactly the bytes it is told to, and waits for nothing
// longer than the tests' deadline.

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fakes/sockets.h"
#include "transport/http_message.h"

namespace motion_mcp::test {

struct Answer {
  int status = 0;  // 0: the connection ended, or nothing came, before the answer was whole
  transport::HttpHeaders headers;
  std::string body;  // chunks joined

  [[nodiscard]] std::string header(std::string_view name) const {
    return std::string(transport::find_header(headers, name).value);
  }
};

class Client {
 public:
  // What bytes go through. Both calls are those of fakes::Socket.
  class Wire {
   public:
    virtual ~Wire() = default;
    virtual bool write(std::string_view bytes) = 0;
    // Empty at the end.
    virtual std::string read() = 0;
    [[nodiscard]] virtual bool readable_within(int milliseconds) = 0;
  };

  explicit Client(std::uint16_t port);
  explicit Client(fakes::Socket socket);
  // Over TLS, in no later version than `newest` (TLS1_3_VERSION). Trusts anybody.
  static Client with_tls(std::uint16_t port, int newest = TLS1_3_VERSION);

  [[nodiscard]] bool is_connected() const { return wire_ != nullptr; }
  // False when the other side is gone.
  bool send(std::string_view bytes) { return wire_->write(bytes); }
  // The next answer, whole; `has_body` is false for the answer to HEAD and to an expectation.
  Answer read_answer(bool has_body = true);
  // The head of an answer that goes on as a stream, and then its chunks, one at a time; empty after
  // the last one.
  Answer read_head();
  std::string read_chunk();
  Answer ask(std::string_view bytes) {
    send(bytes);
    return read_answer();
  }
  // The other side closed the connection, without another byte.
  bool is_closed();
  // Everything until the connection ends.
  std::string read_all();
  [[nodiscard]] bool has_bytes_within(int milliseconds) {
    return !buffer_.empty() || wire_->readable_within(milliseconds);
  }
  [[nodiscard]] const fakes::Socket& socket() const { return *socket_; }
  void close();

 private:
  Client() = default;
  bool fill();
  std::optional<std::string> take_line();
  std::optional<std::string> take(std::size_t count);

  std::unique_ptr<fakes::Socket> socket_;
  std::unique_ptr<Wire> wire_;
  std::string buffer_;
};

}  // namespace motion_mcp::test
