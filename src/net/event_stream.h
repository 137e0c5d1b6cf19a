#pragma once

// Server-sent events over connections that come and go (WHATWG HTML section 9.2.3).

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "net/http_client.h"
#include "net/sse_parser.h"

namespace motion_mcp::net {

enum class StreamEnd {
  by_sink,     // the sink had enough
  by_service,  // 204: there will be no more
  deadline,
};

// One thread's. The client and the clock must outlive it.
class EventStream {
 public:
  // Before the next connection, when the stream says nothing else.
  static constexpr std::chrono::milliseconds kReconnectAfter{1000};
  // What a stream that asks for less gets.
  static constexpr std::chrono::milliseconds kShortestPause{250};
  // How many connections in a row may end without an event before the stream is given up.
  static constexpr int kMaxBarrenConnections = 3;

  // `request` is a GET that is safe to repeat; the headers of an event stream are added to it.
  EventStream(HttpClient& http, const base::Clock& clock, HttpRequest request);

  // Hands events to `sink`, on this thread, until one of the ends. A connection that closes or
  // breaks is followed by another that goes on after the last event; so does the next call.
  //
  // Errors: bad_response when the answer is no event stream, or an event too large; `cancelled` on
  // `stop`; what the last connection failed of, or `interrupted`, after kMaxBarrenConnections.
  Result<StreamEnd> follow(base::SteadyTime deadline, const std::stop_token& stop,
                           const SseParser::Sink& sink);

 private:
  Result<std::optional<StreamEnd>> follow_connection(base::SteadyTime deadline,
                                                     const std::stop_token& stop,
                                                     const SseParser::Sink& sink);
  [[nodiscard]] HttpRequest complete_request() const;
  void pause(base::SteadyTime deadline, const std::stop_token& stop) const;

  HttpClient& http_;
  const base::Clock& clock_;
  HttpRequest request_;
  std::string last_event_id_;
  std::chrono::milliseconds retry_ = kReconnectAfter;
  int barren_ = 0;  // connections in a row
};

}  // namespace motion_mcp::net
