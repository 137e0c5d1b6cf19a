#pragma once

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

  void served(const HttpServed& request) override;
  static std::string line(const HttpServed& request, base::WallTime now);

 private:
  OutputQueue output_;
};

}  // namespace motion_mcp::transport
