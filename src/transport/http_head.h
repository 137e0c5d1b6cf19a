#pragma once

// The head of an HTTP/1 request, looked over before it is parsed. What is refused here is what
// another server on the way could read differently (RFC 9112 section 11.2, "Request Smuggling") and
// a lenient parser lets pass.

#include <cstddef>
#include <string_view>

namespace motion_mcp::transport {

struct HttpHeadLimits {
  std::size_t bytes = 16UL * 1024;  // the request line and all headers
  std::size_t headers = 100;
};

// Looks at a request's bytes as they come in. One scanner per request; not thread-safe.
class HttpHeadScanner {
 public:
  enum class State { incomplete, complete, refused };

  explicit HttpHeadScanner(HttpHeadLimits limits) : limits_(limits) {}

  // `received` is everything from the request's first byte on, and holds at least what it held
  // before. After complete or refused, call no more.
  State scan(std::string_view received);

  // Once complete: where the head begins (an empty line before it is skipped, RFC 9112 section
  // 2.2) and where its body does.
  [[nodiscard]] std::size_t begin() const { return begin_; }
  [[nodiscard]] std::size_t end() const { return line_; }

  // Once refused: 400 or 431, and why.
  [[nodiscard]] int status() const { return status_; }
  [[nodiscard]] std::string_view why() const { return why_; }

 private:
  State refuse(int status, std::string_view why);
  State scan_line(std::string_view line);
  State scan_header(std::string_view line);
  State finish();

  const HttpHeadLimits limits_;
  std::size_t begin_ = 0;
  std::size_t line_ = 0;  // where the first line that was not judged yet begins
  std::size_t lines_ = 0;
  std::size_t hosts_ = 0;
  std::size_t lengths_ = 0;
  std::size_t codings_ = 0;
  bool has_odd_length_ = false;
  bool is_chunked_ = false;
  int status_ = 0;
  std::string_view why_;
};

}  // namespace motion_mcp::transport
