#include "transport/http_head.h"

#include "transport/http_message.h"

namespace motion_mcp::transport {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

}  // namespace

HttpHeadScanner::State HttpHeadScanner::refuse(int status, std::string_view why) {
  status_ = status;
  why_ = why;
  return State::refused;
}

HttpHeadScanner::State HttpHeadScanner::scan(std::string_view received) {
  for (;;) {
    const std::size_t feed = received.find('\n', line_);
    const std::size_t seen = feed == std::string_view::npos ? received.size() : feed + 1;
    if (seen - begin_ > limits_.bytes) {
      return refuse(431, "The headers are larger than this server takes");
    }
    if (feed == std::string_view::npos) return State::incomplete;
    const std::string_view line = received.substr(line_, feed + 1 - line_);
    line_ = feed + 1;
    if (!line.ends_with(kLineEnd)) return refuse(400, "A line must end with CR LF");
    const State state = scan_line(line.substr(0, line.size() - kLineEnd.size()));
    if (state != State::incomplete) return state;
  }
}

HttpHeadScanner::State HttpHeadScanner::scan_line(std::string_view line) {
  if (line.find('\r') != std::string_view::npos || line.find('\0') != std::string_view::npos) {
    return refuse(400, "A header must not hold NUL or CR");
  }
  if (lines_ == 0 && line.empty()) {
    if (begin_ != 0) return refuse(400, "A request begins with its request line");
    begin_ = line_;
    return State::incomplete;
  }
  if (line.empty()) return finish();
  return lines_++ == 0 ? State::incomplete : scan_header(line);
}

HttpHeadScanner::State HttpHeadScanner::scan_header(std::string_view line) {
  if (lines_ - 1 > limits_.headers) return refuse(431, "There are too many headers");
  if (line.front() == ' ' || line.front() == '\t') {
    return refuse(400, "A header must not be continued on a second line");
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return refuse(400, "A header needs a colon");
  const std::string_view name = line.substr(0, colon);
  if (equals_ignoring_case(name, "Host")) {
    ++hosts_;
  } else if (equals_ignoring_case(name, "Content-Length")) {
    ++lengths_;
    has_odd_length_ = trim_blanks(line.substr(colon + 1)).find_first_not_of("0123456789") !=
                      std::string_view::npos;
  } else if (equals_ignoring_case(name, "Transfer-Encoding")) {
    ++codings_;
    is_chunked_ = equals_ignoring_case(trim_blanks(line.substr(colon + 1)), "chunked");
  }
  return State::incomplete;
}

HttpHeadScanner::State HttpHeadScanner::finish() {
  if (hosts_ != 1) return refuse(400, "A request names exactly one Host");
  if (lengths_ > 1) return refuse(400, "A request has one Content-Length at most");
  if (has_odd_length_) return refuse(400, "A Content-Length is one number");
  if (lengths_ + codings_ > 1) {
    return refuse(400, "A request has either Content-Length or Transfer-Encoding");
  }
  if (codings_ == 1 && !is_chunked_) {
    return refuse(400, "The only Transfer-Encoding served is chunked");
  }
  return State::complete;
}

}  // namespace motion_mcp::transport
