#pragma once

#include <string>
#include <string_view>

#include "transport/line_session.h"

namespace motion_mcp::transport {

// Cuts a byte stream into lines for a session, holding at most one line of kMaxLineBytes. The rest
// of a longer line is skipped, so that the next one is served.
class LineSplitter {
 public:
  void add(std::string_view bytes, LineSession& session);
  // The stream has ended: serves a last line that has no line end.
  void finish(LineSession& session);

 private:
  std::string partial_;
  bool is_skipping_ = false;
};

}  // namespace motion_mcp::transport
