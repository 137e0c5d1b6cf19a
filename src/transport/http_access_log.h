#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

#include "transport/http_listener.h"
#include "transport/output_queue.h"

namespace motion_mcp::transport {

// One line of JSON per request. Holds no secret: nothing in it is a stranger's own word.
// Thread-safe; never waits for the reader: while it reads nothing, lines beyond kMaxPendingBytes
// are dropped, and once it reads on a line says how many.
class HttpAccessLog final : public HttpObserver {
 public:
  static constexpr std::size_t kMaxPendingBytes = 8UL * 1024 * 1024;

  // Writes to `fd`, which stays open.
  explicit HttpAccessLog(int fd, std::size_t pending_bytes = kMaxPendingBytes)
      : output_(fd, {.pending_bytes = pending_bytes, .waits_for_reader = true}) {}
  ~HttpAccessLog() override { flush(); }
  HttpAccessLog(const HttpAccessLog&) = delete;
  HttpAccessLog& operator=(const HttpAccessLog&) = delete;

  void served(const HttpServed& request) override;
  // Writes the lines: a busy thread has several to a system call.
  void flush() override;
  static std::string line(const HttpServed& request, base::WallTime now);

 private:
  void write(std::string_view lines);

  OutputQueue output_;
  std::mutex writing_;       // taken before mutex_
  std::string taken_;        // what is being written
  std::size_t dropped_ = 0;  // lines, since the last that was written
  std::mutex mutex_;
  std::string lines_;  // what is not
};

}  // namespace motion_mcp::transport
