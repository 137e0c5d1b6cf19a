#pragma once

// Server-sent events as they arrive (WHATWG HTML, sections 9.2.5 "Parsing an event stream" and
// 9.2.6 "Interpreting an event stream").

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace motion_mcp::net {

struct SseEvent {
  std::string type;           // "message" where the stream names none
  std::string data;           // its lines, with LF between them; valid UTF-8
  std::string last_event_id;  // what the stream said last, at this event or before
};

// Takes the body in pieces of any size and hands out each event as soon as the line that ends it is
// here. What a stream leaves unfinished at its end is no event, so there is nothing to call then.
// Ill-formed UTF-8 becomes U+FFFD. Pure; one thread's.
class SseParser {
 public:
  // False ends the parsing.
  using Sink = std::function<bool(const SseEvent&)>;

  // Of one event, comments and fields that are skipped included.
  static constexpr std::size_t kMaxEventBytes = std::size_t{64} * 1024;
  // A longer `retry` counts as this.
  static constexpr std::chrono::milliseconds kMaxRetry = std::chrono::minutes(1);

  // `last_event_id` is that of the stream which this one goes on with: as in browsers, it stays
  // until the new one says another.
  explicit SseParser(Sink sink, std::string last_event_id = {},
                     std::size_t max_event_bytes = kMaxEventBytes);

  // False when the sink said so, or an event is too large; nothing more is taken after that.
  bool add(std::string_view bytes);

  [[nodiscard]] bool is_too_large() const { return end_ == End::too_large; }
  // For the Last-Event-ID header of the next connection: of what was handed out, or skipped as
  // empty, not of an event that is only half here.
  [[nodiscard]] const std::string& last_event_id() const { return last_event_id_; }
  // How long to pause before the next connection, when the stream says.
  [[nodiscard]] std::optional<std::chrono::milliseconds> retry() const { return retry_; }

 private:
  enum class End { none, by_sink, too_large };

  void take_line();
  void take_field(std::string_view name, std::string_view value);
  void dispatch();

  Sink sink_;
  const std::size_t max_event_bytes_;
  End end_ = End::none;

  std::string line_;
  bool is_first_line_ = true;
  bool skips_line_feed_ = false;  // the second half of a CRLF
  std::size_t event_bytes_ = 0;

  std::string type_;
  std::string data_;
  bool has_data_ = false;
  std::string id_;

  std::string last_event_id_;
  std::optional<std::chrono::milliseconds> retry_;
};

}  // namespace motion_mcp::net
