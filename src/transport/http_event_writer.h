#pragma once

#include <string>
#include <string_view>

namespace motion_mcp::transport {

// How the messages of one stream become server-sent events, for streams whose events have ids, so
// that a client which lost the connection can come back for the rest (MCP 2025-11-25 "Resumability
// and Redelivery"). Thread-safe.
class HttpEventWriter {
 public:
  virtual ~HttpEventWriter() = default;

  // What a stream begins with, once; may be empty.
  virtual std::string opening() = 0;
  // The event of one message, kept for who comes back. Also asked for what the client of the moment
  // does not get.
  virtual std::string event(std::string_view message) = 0;
  // The same for the answer, after which nothing comes.
  virtual std::string last_event(std::string_view message) = 0;
};

}  // namespace motion_mcp::transport
