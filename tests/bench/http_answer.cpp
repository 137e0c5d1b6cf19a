#include "bench/http_answer.h"

#include <algorithm>
#include <charconv>

namespace motion_mcp::bench {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kHeadEnd = "\r\n\r\n";

char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

template <class Number>
bool parse(std::string_view text, Number& number, int base) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string_view header_value(std::string_view head, std::string_view name) {
  for (std::size_t line = head.find(kLineEnd); line != std::string_view::npos;
       line = head.find(kLineEnd, line)) {
    line += kLineEnd.size();
    const std::string_view rest = head.substr(line);
    if (rest.size() <= name.size() || rest[name.size()] != ':') continue;
    if (!std::equal(name.begin(), name.end(), rest.begin(),
                    [](char wanted, char c) { return wanted == to_lower(c); })) {
      continue;
    }
    std::string_view value = rest.substr(name.size() + 1);
    value = value.substr(0, value.find(kLineEnd));
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    return value;
  }
  return {};
}

HttpAnswer::State HttpAnswer::read(std::string_view received) {
  if (head_size_ == 0) {
    const State state = read_head(received);
    if (state != State::complete) return state;
  }
  head_ = received.substr(0, head_size_);
  if (is_chunked_) return read_chunks(received);
  if (received.size() < head_size_ + content_length_) return State::incomplete;
  size_ = head_size_ + content_length_;
  body_ = received.substr(head_size_, content_length_);
  return State::complete;
}

void HttpAnswer::clear() {
  *this = {};
}

HttpAnswer::State HttpAnswer::read_head(std::string_view received) {
  constexpr std::size_t kStatusAt = sizeof "HTTP/1.1 " - 1;
  const std::size_t end = received.find(kHeadEnd);
  if (end == std::string_view::npos) return State::incomplete;
  if (!received.starts_with("HTTP/1.1 ") || !parse(received.substr(kStatusAt, 3), status_, 10)) {
    return State::broken;
  }
  head_size_ = end + kHeadEnd.size();
  size_ = head_size_;
  const std::string_view head = received.substr(0, head_size_);
  is_chunked_ = header_value(head, "transfer-encoding") == "chunked";
  const std::string_view length = header_value(head, "content-length");
  if (is_chunked_ || length.empty()) return State::complete;
  return parse(length, content_length_, 10) ? State::complete : State::broken;
}

HttpAnswer::State HttpAnswer::read_chunks(std::string_view received) {
  for (;;) {
    const std::string_view rest = received.substr(size_);
    const std::size_t line_end = rest.find(kLineEnd);
    if (line_end == std::string_view::npos) return State::incomplete;
    std::size_t length = 0;
    if (!parse(rest.substr(0, line_end), length, 16)) return State::broken;
    const std::size_t begin = line_end + kLineEnd.size();
    if (rest.size() < begin + length + kLineEnd.size()) return State::incomplete;
    chunks_ += rest.substr(begin, length);
    size_ += begin + length + kLineEnd.size();
    if (length == 0) break;
  }
  body_ = chunks_;
  return State::complete;
}

}  // namespace motion_mcp::bench
