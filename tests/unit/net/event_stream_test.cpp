// Breaks the connection, or the stream's promises, wherever it can, and looks at what is asked
// next.
#include "net/event_stream.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "fakes/manual_clock.h"
#include "fakes/scripted_http_client.h"

using namespace motion_mcp;
using namespace std::chrono_literals;
using net::StreamEnd;

namespace {

constexpr const char* kUrl = "https://motioness.com/v1/pk_1/events/a25b330a71e2bc6b";

struct Bench {
  fakes::ScriptedHttpClient http;
  fakes::ManualClock clock;
  std::stop_source stop;
  std::vector<std::string> data;
  std::string last_word;  // ends the stream
  net::EventStream events{http, clock, {"GET", kUrl, {}, {}}};

  void stream(std::string body) {
    http.reply(200, std::move(body), {{"Content-Type", "text/event-stream; charset=utf-8"}});
  }

  Result<StreamEnd> follow(std::chrono::seconds length = 60s) {
    const net::SseParser::Sink sink = [&](const net::SseEvent& event) {
      data.push_back(event.data);
      return event.data != last_word;
    };
    return events.follow(clock.now() + length, stop.get_token(), sink);
  }

  std::string header(std::size_t request, const char* name) const {
    return std::string(net::find_header(http.sent().at(request).headers, name).value_or("none"));
  }
};

}  // namespace

TEST_CASE(
    "a stream that ends is gone on with after its last event, and the pause that it asked for") {
  Bench bench;
  bench.last_word = "c";
  bench.stream("retry: 3000\nid: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\ndata: half an event");
  bench.stream("data: c\n\ndata: never seen\n\n");
  const auto end = bench.follow();
  REQUIRE(end);
  CHECK(*end == StreamEnd::by_sink);
  CHECK(bench.data == std::vector<std::string>{"a", "b", "c"});
  CHECK(bench.clock.sleeps() == std::vector<std::chrono::milliseconds>{3000ms});
  CHECK(bench.header(0, "Accept") == "text/event-stream");
  CHECK(bench.header(0, "Cache-Control") == "no-store");
  CHECK(bench.header(0, "Last-Event-ID") == "none");
  CHECK(bench.header(1, "Last-Event-ID") == "2");
}

TEST_CASE("a stream that asks to come back at once is given a moment") {
  Bench bench;
  bench.last_word = "b";
  bench.stream("retry: 0\ndata: a\n\n");
  bench.stream("data: b\n\n");
  CHECK(*bench.follow() == StreamEnd::by_sink);
  CHECK(bench.clock.sleeps() ==
        std::vector<std::chrono::milliseconds>{net::EventStream::kShortestPause});
}

TEST_CASE("a stream that breaks is gone on with as well") {
  Bench bench;
  bench.last_word = "b";
  bench.stream("id: 1\ndata: a\n\n");
  bench.http.fail(ErrorKind::interrupted);
  bench.http.fail(ErrorKind::unreachable);
  bench.stream("data: b\n\n");
  CHECK(*bench.follow() == StreamEnd::by_sink);
  CHECK(bench.header(3, "Last-Event-ID") == "1");
}

TEST_CASE("a service that never sends an event is left alone after three connections") {
  Bench bench;
  for (int i = 0; i < net::EventStream::kMaxBarrenConnections; ++i) bench.stream(": ping\n\n");
  const auto end = bench.follow(600s);
  REQUIRE_FALSE(end);
  CHECK(end.error().kind == ErrorKind::interrupted);
  CHECK(bench.http.sent().size() == net::EventStream::kMaxBarrenConnections);

  Bench broken;
  for (int i = 0; i < net::EventStream::kMaxBarrenConnections; ++i)
    broken.http.fail(ErrorKind::unreachable);
  CHECK(broken.follow(600s).error().kind == ErrorKind::unreachable);
}

TEST_CASE("what is no event stream is not asked for again") {
  struct Case {
    int status;
    const char* type;
  };
  for (const Case& answer : {Case{200, "application/json"}, Case{200, "text/event-streams"},
                             Case{200, ""}, Case{404, "application/json"},
                             Case{500, "text/event-stream"}, Case{301, "text/event-stream"}}) {
    CAPTURE(answer.status);
    CAPTURE(answer.type);
    Bench bench;
    bench.http.reply(answer.status, "data: a\n\n", {{"Content-Type", answer.type}});
    const auto end = bench.follow();
    REQUIRE_FALSE(end);
    CHECK(end.error().kind == ErrorKind::bad_response);
    CHECK(bench.data.empty());
  }
}

TEST_CASE("who comes back goes on after the last event that was handed out") {
  Bench bench;
  bench.last_word = "a";
  bench.stream("id: 1\ndata: a\n\nid: 2\ndata: not taken\n\n");
  bench.stream("id: 2\ndata: a\n\n");
  CHECK(*bench.follow() == StreamEnd::by_sink);
  CHECK(*bench.follow() == StreamEnd::by_sink);
  CHECK(bench.header(1, "Last-Event-ID") == "1");
}

TEST_CASE("204 says that there will be no more events") {
  Bench bench;
  bench.stream("data: a\n\n");
  bench.http.reply(204, "");
  CHECK(*bench.follow() == StreamEnd::by_service);
}

TEST_CASE("an event without an end is an error, not memory") {
  Bench bench;
  bench.stream("data: " + std::string(2 * net::SseParser::kMaxEventBytes, 'x'));
  CHECK(bench.follow().error().kind == ErrorKind::bad_response);
  CHECK(bench.http.sent().size() == 1);
}

TEST_CASE("the deadline ends it, whether the stream goes on or pauses") {
  Bench bench;
  const base::SteadyTime deadline = bench.clock.now() + 60s;
  bench.http.reply_with([&](const auto&, const auto&) -> Result<net::HttpResponse> {
    bench.clock.advance(60s);
    return Error{ErrorKind::interrupted, "the deadline passed"};
  });
  CHECK(*bench.follow() == StreamEnd::deadline);
  CHECK(bench.http.deadlines().at(0) == deadline);

  Bench pausing;
  pausing.stream("retry: 50000\ndata: a\n\n");
  CHECK(*pausing.follow(10s) == StreamEnd::deadline);
  CHECK(pausing.clock.sleeps() == std::vector<std::chrono::milliseconds>{10s});
}

TEST_CASE("a stop ends it at once, while an event comes and while it pauses") {
  Bench bench;
  bench.http.reply_with([&](const auto&, const auto&) -> Result<net::HttpResponse> {
    bench.stop.request_stop();
    return Error{ErrorKind::cancelled, "the call was cancelled"};
  });
  CHECK(bench.follow().error().kind == ErrorKind::cancelled);

  Bench pausing;
  pausing.http.reply_with([&](const auto&, const auto&) -> Result<net::HttpResponse> {
    return Error{ErrorKind::interrupted, "cut"};
  });
  pausing.http.reply_with([&](const auto&, const auto&) -> Result<net::HttpResponse> {
    pausing.stop.request_stop();
    return Error{ErrorKind::interrupted, "cut"};
  });
  CHECK(pausing.follow().error().kind == ErrorKind::cancelled);
  CHECK(pausing.http.sent().size() == 2);
}
