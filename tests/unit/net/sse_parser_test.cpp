// Tries to make a stream of events mean something else by cutting it, by its line ends, by bytes
// that no event should hold, and by never ending one.
#include "net/sse_parser.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace motion_mcp;
using namespace std::chrono_literals;
using net::SseEvent;
using net::SseParser;

namespace motion_mcp::net {

static bool operator==(const SseEvent& a, const SseEvent& b) {
  return a.type == b.type && a.data == b.data && a.last_event_id == b.last_event_id;
}

}  // namespace motion_mcp::net

namespace {

struct Row {
  const char* what;
  std::string stream;
  std::vector<SseEvent> events;
};

std::string with_nul(std::string_view before, std::string_view after) {
  return std::string(before) + '\0' + std::string(after);
}

// The first are the examples of the WHATWG's section 9.2.6, the others one rule each.
const std::vector<Row>& rows() {
  static const std::vector<Row> kRows = {
      {"data of several lines",
       "data: YHOO\ndata: +2\ndata: 10\n\n",
       {{"message", "YHOO\n+2\n10", ""}}},
      {"a comment, ids, and an id that is taken back",
       ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third "
       "event\n\n",
       {{"message", "first event", "1"},
        {"message", "second event", ""},
        {"message", " third event", ""}}},
      {"empty data, and an event that the stream's end cuts off",
       "data\n\ndata\ndata\n\ndata:",
       {{"message", "", ""}, {"message", "\n", ""}}},
      {"one space after the colon is no data",
       "data:test\n\ndata: test\n\n",
       {{"message", "test", ""}, {"message", "test", ""}}},
      {"CR ends a line",
       "data: a\rdata: b\r\rdata: c\r\r",
       {{"message", "a\nb", ""}, {"message", "c", ""}}},
      {"CRLF ends a line once",
       "data: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n",
       {{"message", "a\nb", ""}, {"message", "c", ""}}},
      {"line ends mixed",
       "data: a\n\r\ndata: b\r\ndata: c\r\ndata: d\n\r",
       {{"message", "a", ""}, {"message", "b\nc\nd", ""}}},
      {"a byte order mark at the beginning is none of the first line",
       "\xEF\xBB\xBF"
       "data: a\n\n",
       {{"message", "a", ""}}},
      {"a second one is",
       "\xEF\xBB\xBF\xEF\xBB\xBF"
       "data: a\n\ndata: b\n\n",
       {{"message", "b", ""}}},
      {"and so is one later",
       "data: a\n\n\xEF\xBB\xBF"
       "data: b\n\n",
       {{"message", "a", ""}}},
      {"the type is the last one given, and of one event",
       "event: x\nevent: ready\ndata: a\n\ndata: b\n\nevent:\ndata: c\n\n",
       {{"ready", "a", ""}, {"message", "b", ""}, {"message", "c", ""}}},
      {"an event without data is none, and its type is forgotten",
       "event: ready\n\ndata: a\n\n",
       {{"message", "a", ""}}},
      {"but its id counts", "id: 7\n\ndata: a\n\n", {{"message", "a", "7"}}},
      {"an id with NUL is none",
       with_nul("id: 1\ndata: a\n\nid: 2", "3\ndata: b\n\n"),
       {{"message", "a", "1"}, {"message", "b", "1"}}},
      {"NUL is data", with_nul("data: a", "b\n\n"), {{"message", std::string("a\0b", 3), ""}}},
      {"unknown fields and other spellings are skipped",
       "foo: x\nData: x\n data: x\ndata : x\ndatax\ndata: a\nretryx: 5\n\n",
       {{"message", "a", ""}}},
      {"a colon within the value is part of it",
       "data: {\"a\": 1}\n\n",
       {{"message", "{\"a\": 1}", ""}}},
      {"pings are comments",
       ": ping\n\n:ping\n\n:\n\ndata: a\n\n: ping\n\n",
       {{"message", "a", ""}}},
      {"a comment within an event", "data: a\n: ping\ndata: b\n\n", {{"message", "a\nb", ""}}},
      {"ill-formed UTF-8 is replaced",
       "event: \xC0\ndata: a\xE2\x82\ndata: \xF0\x9F\x98\x80\xFF\nid: \xFF\n\n",
       {{"\uFFFD", "a\uFFFD\n\U0001F600\uFFFD", "\uFFFD"}}},
      {"blank lines alone", "\n\r\r\n\n", {}},
      {"an event of the Motioness proxy",
       "id: 1764000000000\nevent: stage_started\ndata: {\"stage\":\"stage1\",\"attempt\":1}\n\n",
       {{"stage_started", "{\"stage\":\"stage1\",\"attempt\":1}", "1764000000000"}}},
  };
  return kRows;
}

// What comes of the stream when it is cut before each of `cuts`.
std::vector<SseEvent> events_of(std::string_view stream, const std::vector<std::size_t>& cuts) {
  std::vector<SseEvent> events;
  SseParser parser([&](const SseEvent& event) {
    events.push_back(event);
    return true;
  });
  std::size_t at = 0;
  for (const std::size_t cut : cuts) {
    CHECK(parser.add(stream.substr(at, cut - at)));
    at = cut;
  }
  CHECK(parser.add(stream.substr(at)));
  return events;
}

bool take_all(const SseEvent& /*event*/) {
  return true;
}

}  // namespace

TEST_CASE("a stream means what WHATWG says") {
  for (const Row& row : rows()) {
    CAPTURE(row.what);
    CHECK(events_of(row.stream, {}) == row.events);
  }
}

TEST_CASE("a stream means the same wherever it is cut in two or in three") {
  for (const Row& row : rows()) {
    CAPTURE(row.what);
    for (std::size_t first = 0; first <= row.stream.size(); ++first) {
      for (std::size_t second = first; second <= row.stream.size(); ++second) {
        CAPTURE(first);
        CAPTURE(second);
        REQUIRE(events_of(row.stream, {first, second}) == row.events);
      }
    }
  }
}

TEST_CASE("a stream means the same byte by byte") {
  for (const Row& row : rows()) {
    CAPTURE(row.what);
    std::vector<std::size_t> cuts;
    for (std::size_t at = 1; at < row.stream.size(); ++at) cuts.push_back(at);
    CHECK(events_of(row.stream, cuts) == row.events);
  }
}

TEST_CASE("an event is handed out as soon as the line that ends it is here") {
  int events = 0;
  SseParser parser([&](const SseEvent&) { return ++events > 0; });
  CHECK(parser.add("data: a\r"));
  CHECK(events == 0);
  CHECK(parser.add("\n\r"));
  CHECK(events == 1);
  CHECK(parser.add("\ndata: b\n"));
  CHECK(events == 1);
  CHECK(parser.add("\n"));
  CHECK(events == 2);
}

TEST_CASE("retry is a number of milliseconds, the last one that is one, and bounded") {
  const auto retry_of = [](std::string_view stream) {
    SseParser parser(take_all);
    CHECK(parser.add(stream));
    return parser.retry();
  };
  CHECK_FALSE(retry_of("data: a\n\n"));
  CHECK(retry_of("retry: 1500\n") == 1500ms);
  CHECK(retry_of("retry:1\nretry:2\n") == 2ms);
  CHECK(retry_of("retry: 0\n") == 0ms);
  for (const char* bad : {"retry\n", "retry:\n", "retry: -1\n", "retry: 1.5\n", "retry: 1 \n",
                          "retry:  1\n", "retry: 0x10\n", "retry: +1\n"}) {
    CHECK_MESSAGE(retry_of(std::string("retry: 7\n") + bad) == 7ms, bad);
  }
  CHECK(retry_of("retry: 99999999999999999999999999999999\n") == SseParser::kMaxRetry);
}

TEST_CASE("the id to go on from is that of the last whole event, and outlives the connection") {
  SseParser parser(take_all, "41");
  CHECK(parser.last_event_id() == "41");
  CHECK(parser.add("data: a\n"));
  CHECK(parser.add("id: 42\n"));
  CHECK(parser.last_event_id() == "41");
  CHECK(parser.add("\n"));
  CHECK(parser.last_event_id() == "42");
  CHECK(parser.add("id: 43\n"));
  CHECK(parser.last_event_id() == "42");

  std::vector<SseEvent> events;
  SseParser next(
      [&](const SseEvent& event) {
        events.push_back(event);
        return true;
      },
      "42");
  CHECK(next.add("data: a\n\nid\ndata: b\n\n"));
  CHECK(events == std::vector<SseEvent>{{"message", "a", "42"}, {"message", "b", ""}});
}

TEST_CASE("a sink that says no gets nothing more") {
  int events = 0;
  SseParser parser([&](const SseEvent&) { return ++events < 2; });
  CHECK_FALSE(parser.add("data: a\n\ndata: b\n\ndata: c\n\n"));
  CHECK(events == 2);
  CHECK_FALSE(parser.add("data: d\n\n"));
  CHECK(events == 2);
  CHECK_FALSE(parser.is_too_large());
}

TEST_CASE("an event that does not end is given up at the limit, whatever it is made of") {
  constexpr std::size_t kLimit = 100;
  for (const std::string& unit : {std::string("data: x\n"), std::string(": ping\n"),
                                  std::string("x"), std::string("foo: bar\r\n")}) {
    CAPTURE(unit);
    SseParser parser(take_all, {}, kLimit);
    std::size_t taken = 0;
    while (parser.add(unit)) taken += unit.size();
    CHECK(parser.is_too_large());
    CHECK(taken <= kLimit + unit.size());
    CHECK(taken + unit.size() >= kLimit);
    CHECK_FALSE(parser.add("\n\n"));
  }
}

TEST_CASE("any number of events may follow each other") {
  int events = 0;
  SseParser parser([&](const SseEvent&) { return ++events > 0; }, {}, 100);
  std::string stream;
  for (int i = 0; i < 1000; ++i) stream += ": ping\n\ndata: x\n\n\n";
  CHECK(parser.add(stream));
  CHECK(events == 1000);
}
