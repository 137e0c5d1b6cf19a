#pragma once

// HTTP/1 requests out of a stream of bytes (RFC 9112), without sockets. Boost.Beast parses; what it
// would let pass and this server does not is refused around it (http_head.h).

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "transport/http_head.h"
#include "transport/http_message.h"

namespace motion_mcp::transport {

struct HttpRequestLimits {
  HttpHeadLimits head;
  std::size_t body_bytes = 1024UL * 1024;
};

// Reads one request. Not thread-safe.
class HttpRequestReader {
 public:
  enum class State { incomplete, complete, refused };

  explicit HttpRequestReader(const HttpRequestLimits& limits);
  ~HttpRequestReader();
  HttpRequestReader(const HttpRequestReader&) = delete;
  HttpRequestReader& operator=(const HttpRequestReader&) = delete;

  // Takes what it understands off the front of `received`; what is left belongs to the next call,
  // or to the next request. After complete or refused, call no more.
  State read(std::string& received);

  // Once the head is complete: the request so far, and whether its client waits for a "100
  // Continue" (RFC 9110 section 10.1.1; never one of HTTP/1.0) before it sends the body.
  [[nodiscard]] bool has_head() const;
  [[nodiscard]] bool expects_continue() const;
  // Once complete: the whole of it, trailers dropped. May be moved from.
  [[nodiscard]] HttpRequest& request();
  // The client speaks HTTP/1.1, and keeps the connection open for more.
  [[nodiscard]] bool is_http_1_1() const;
  [[nodiscard]] bool keeps_alive() const;

  // Once refused: the status and why. The bytes that follow have no meaning; close.
  [[nodiscard]] int status() const;
  [[nodiscard]] std::string_view why() const;

 private:
  class Parser;
  State refuse(int status, std::string_view why);
  State parse_head(std::string& received);
  State parse_body(std::string& received);
  State put(std::string& received);

  const HttpRequestLimits limits_;
  HttpHeadScanner scanner_;
  std::unique_ptr<Parser> parser_;  // once the head was looked over
  int status_ = 0;
  std::string_view why_;
};

}  // namespace motion_mcp::transport
