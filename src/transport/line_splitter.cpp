#include "transport/line_splitter.h"

namespace motion_mcp::transport {

void LineSplitter::add(std::string_view bytes, LineSession& session) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const bool is_whole = end != std::string_view::npos;
    const std::string_view piece = bytes.substr(0, end);
    bytes.remove_prefix(is_whole ? end + 1 : bytes.size());

    if (is_skipping_) {
      is_skipping_ = !is_whole;
    } else if (partial_.size() + piece.size() > kMaxLineBytes) {
      session.refuse_long_line(partial_.append(piece));
      partial_ = {};
      is_skipping_ = !is_whole;
    } else if (!is_whole) {
      partial_.append(piece);
    } else if (partial_.empty()) {
      session.feed(piece);
    } else {
      session.feed(partial_.append(piece));
      partial_.clear();
    }
  }
}

void LineSplitter::finish(LineSession& session) {
  if (!is_skipping_ && !partial_.empty()) session.feed(partial_);
  partial_ = {};
}

}  // namespace motion_mcp::transport
