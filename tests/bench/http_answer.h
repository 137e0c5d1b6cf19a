#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace motion_mcp::bench {

// Finds the end of an HTTP/1.1 answer in what a connection received, at little cost beside the
// server that is measured. Knows Content-Length and chunked bodies.
class HttpAnswer {
 public:
  enum class State { incomplete, complete, broken };

  // `received` is everything since the answer's first byte. After complete or broken, call clear().
  State read(std::string_view received);
  void clear();

  // Once complete. The views are into what was last read, or into this object.
  [[nodiscard]] int status() const { return status_; }
  [[nodiscard]] std::string_view head() const { return head_; }
  [[nodiscard]] std::string_view body() const { return body_; }
  [[nodiscard]] std::size_t size() const { return size_; }  // bytes of `received` that it took

 private:
  State read_head(std::string_view received);
  State read_chunks(std::string_view received);

  std::size_t head_size_ = 0;  // 0: not whole yet
  std::size_t content_length_ = 0;
  bool is_chunked_ = false;
  int status_ = 0;
  std::size_t size_ = 0;
  std::string chunks_;
  std::string_view head_;
  std::string_view body_;
};

// The value of a header, found by its name in lower case; empty when there is none.
std::string_view header_value(std::string_view head, std::string_view name);

}  // namespace motion_mcp::bench
