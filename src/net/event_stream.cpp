#include "net/event_stream.h"

#include <algorithm>
#include <utility>

#include "base/random.h"
#include "net/ascii.h"
#include "net/backoff.h"

namespace motion_mcp::net {
namespace {

constexpr int kOk = 200;
constexpr int kNoContent = 204;

bool is_event_stream(const HttpResponse& head) {
  const std::string_view type = find_header(head.headers, "content-type").value_or("");
  return head.status == kOk &&
         to_lower(type.substr(0, type.find_first_of("; "))) == "text/event-stream";
}

Error no_event_stream(int status) {
  return {ErrorKind::bad_response,
          "the service answered " + std::to_string(status) + " where a stream of events was to be"};
}

Error cancelled() {
  return {ErrorKind::cancelled, "the call was cancelled"};
}

Error given_up() {
  return {ErrorKind::interrupted, "the stream of events ended again and again without one"};
}

}  // namespace

EventStream::EventStream(HttpClient& http, const base::Clock& clock, HttpRequest request)
    : http_(http), clock_(clock), request_(std::move(request)) {
  request_.headers.emplace_back("Accept", "text/event-stream");
  request_.headers.emplace_back("Cache-Control", "no-store");
}

Result<StreamEnd> EventStream::follow(base::SteadyTime deadline, const std::stop_token& stop,
                                      const SseParser::Sink& sink) {
  barren_ = 0;
  while (clock_.now() < deadline) {
    auto end = follow_connection(deadline, stop, sink);
    if (stop.stop_requested()) return cancelled();
    if (end && *end) return **end;
    if (!end && end.error().kind == ErrorKind::bad_response) return std::move(end).error();
    if (clock_.now() >= deadline) break;
    if (barren_ == kMaxBarrenConnections) return end ? given_up() : std::move(end).error();
    pause(deadline, stop);
    if (stop.stop_requested()) return cancelled();
  }
  return StreamEnd::deadline;
}

// Its end, when that is the stream's.
Result<std::optional<StreamEnd>> EventStream::follow_connection(base::SteadyTime deadline,
                                                                const std::stop_token& stop,
                                                                const SseParser::Sink& sink) {
  bool had_enough = false;
  bool has_event = false;
  SseParser parser(
      [&](const SseEvent& event) {
        has_event = true;
        had_enough = !sink(event);
        return !had_enough;
      },
      last_event_id_);
  std::optional<int> other_status;  // of an answer that is no event stream
  const BodySink body(
      [&](const HttpResponse& head) {
        if (!is_event_stream(head)) other_status = head.status;
        return !other_status;
      },
      [&](std::string_view bytes) { return parser.add(bytes); });

  Result<HttpResponse> response = http_.send(complete_request(), deadline, stop, body);
  last_event_id_ = parser.last_event_id();
  retry_ = std::max(parser.retry().value_or(retry_), kShortestPause);
  barren_ = has_event ? 0 : barren_ + 1;

  if (had_enough) return std::optional(StreamEnd::by_sink);
  if (parser.is_too_large()) {
    return Error{ErrorKind::bad_response, "the service sent an event that is too large"};
  }
  if (response && !is_event_stream(*response)) other_status = response->status;
  if (other_status == kNoContent) return std::optional(StreamEnd::by_service);
  if (other_status) return no_event_stream(*other_status);
  if (!response) return std::move(response).error();
  return std::optional<StreamEnd>();
}

HttpRequest EventStream::complete_request() const {
  HttpRequest request = request_;
  if (!last_event_id_.empty()) request.headers.emplace_back("Last-Event-ID", last_event_id_);
  return request;
}

void EventStream::pause(base::SteadyTime deadline, const std::stop_token& stop) const {
  std::chrono::milliseconds length = retry_;
  if (barren_ > 0) length = std::max(length, backoff_delay(barren_, base::random_unit()));
  clock_.sleep_until(std::min(clock_.now() + length, deadline), stop);
}

}  // namespace motion_mcp::net
