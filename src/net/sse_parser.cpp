#include "net/sse_parser.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace motion_mcp::net {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// A number of ASCII digits, however many; nullopt for anything else.
std::optional<std::chrono::milliseconds> parse_retry(std::string_view digits) {
  if (digits.empty()) return std::nullopt;
  std::chrono::milliseconds value{0};
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    value = std::min(value * 10 + std::chrono::milliseconds(c - '0'), SseParser::kMaxRetry);
  }
  return value;
}

}  // namespace

SseParser::SseParser(Sink sink, std::string last_event_id, std::size_t max_event_bytes)
    : sink_(std::move(sink)),
      max_event_bytes_(max_event_bytes),
      id_(last_event_id),
      last_event_id_(std::move(last_event_id)) {}

bool SseParser::add(std::string_view bytes) {
  while (!bytes.empty() && end_ == End::none) {
    if (std::exchange(skips_line_feed_, false) && bytes.front() == '\n') {
      bytes.remove_prefix(1);
      continue;
    }
    const std::size_t end = bytes.find_first_of("\r\n");
    const std::string_view piece = bytes.substr(0, end);
    event_bytes_ += piece.size();
    if (event_bytes_ > max_event_bytes_) {
      end_ = End::too_large;
      break;
    }
    line_ += piece;
    bytes.remove_prefix(piece.size());
    if (bytes.empty()) break;
    skips_line_feed_ = bytes.front() == '\r';
    bytes.remove_prefix(1);
    ++event_bytes_;
    take_line();
  }
  return end_ == End::none;
}

void SseParser::take_line() {
  std::string_view line = line_;
  if (std::exchange(is_first_line_, false) && line.starts_with(kByteOrderMark)) {
    line.remove_prefix(kByteOrderMark.size());
  }
  if (line.empty()) {
    dispatch();
  } else if (line.front() != ':') {
    const std::size_t colon = line.find(':');
    std::string_view value;
    if (colon != std::string_view::npos) value = line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    take_field(line.substr(0, colon), value);
  }
  line_.clear();
}

void SseParser::take_field(std::string_view name, std::string_view value) {
  if (name == "event") {
    type_ = base::with_valid_utf8(value);
  } else if (name == "data") {
    if (std::exchange(has_data_, true)) data_ += '\n';
    data_ += base::with_valid_utf8(value);
  } else if (name == "id") {
    if (value.find('\0') == std::string_view::npos) id_ = base::with_valid_utf8(value);
  } else if (name == "retry") {
    if (const auto pause = parse_retry(value)) retry_ = pause;
  }
}

void SseParser::dispatch() {
  last_event_id_ = id_;
  event_bytes_ = 0;
  SseEvent event{std::exchange(type_, {}), std::exchange(data_, {}), last_event_id_};
  if (!std::exchange(has_data_, false)) return;
  if (event.type.empty()) event.type = "message";
  if (!sink_(event)) end_ = End::by_sink;
}

}  // namespace motion_mcp::net
