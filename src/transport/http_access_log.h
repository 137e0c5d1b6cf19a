#pragma once

#include <mutex>
#include <string>

#include "transport/http_listener.h"
#include "transport/output_queue.h"

namespace motion_mcp::transport {

// One line of JSON per request. Holds no secret: nothing in it is a stranger's own word.
// Thread-safe; never waits for the reader.
class HttpAccessLog final : public HttpObserver {
 public:
  // Writes to `fd`, which stays open.
  explicit HttpAccessLog(int fd) : output_(fd) {}
  ~HttpAccessLog() override { flush(); }
  HttpAccessLog(const HttpAccessLog&) = delete;
  HttpAccessLog& operator=(const HttpAccessLog&) = delete;

  void served(const HttpServed& request) override;
  // Writes the lines: a busy thread has several to a system call.
  void flush() override;
  static std::string line(const HttpServed& request, base::WallTime now);

 private:
  OutputQueue output_;
  std::mutex writing_;  // taken before mutex_
  std::string taken_;   // what is being written
  std::mutex mutex_;
  std::string lines_;  // what is not
};

}  // namespace motion_mcp::transport
