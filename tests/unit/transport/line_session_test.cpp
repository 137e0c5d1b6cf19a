// One conversation over lines, with calls that are held open: these tests try to delay one request
// by another, to get an answer to a cancelled one, and to stop the session with a bad line.
#include "transport/line_session.h"

#include <doctest/doctest.h>

#include <condition_variable>
#include <mutex>
#include <set>

#include "unit/mcp/toy_tools.h"

using namespace motion_mcp;
using namespace std::chrono_literals;

namespace {

constexpr auto kDeadline = 20s;

// A tool that reports when it runs and ends when it is let go or asked to stop.
struct Gate {
  std::mutex mutex;
  std::condition_variable_any changed;
  int running = 0;
  bool is_open = false;
  bool was_stopped = false;

  mcp::ToolResult pass(const mcp::ToolCall& call) {
    std::unique_lock lock(mutex);
    ++running;
    changed.notify_all();
    changed.wait(lock, call.stop, [&] { return is_open; });
    was_stopped = was_stopped || call.stop.stop_requested();
    mcp::ToolResult result;
    result.content.push_back(mcp::text_content("through"));
    return result;
  }
  void wait_running(int count) {
    std::unique_lock lock(mutex);
    REQUIRE(changed.wait_for(lock, kDeadline, [&] { return running >= count; }));
  }
  void open() {
    const std::lock_guard lock(mutex);
    is_open = true;
    changed.notify_all();
  }
};

struct Peer {
  Gate gate;
  mcp::Server server{test::toy_info(), {tools()}};
  base::WorkerPool pool{{}};
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> lines;
  transport::LineSession session{server, {}, pool, [this](std::string_view text) { take(text); }};

  ~Peer() {
    gate.open();
    session.wait_idle(base::system_clock().now() + kDeadline);
  }

  std::vector<mcp::Tool> tools() {
    auto made = test::toy_tools();
    made.push_back({R"({"name":"gate","inputSchema":{"type":"object"}})",
                    {[this](const mcp::ToolCall& call) { return gate.pass(call); }}});
    made.push_back(
        {R"({"name":"order","inputSchema":{"type":"object"}})", {[this](const mcp::ToolCall& call) {
           mcp::ToolCall seen_through = call;
           seen_through.stop = call.ending;
           return gate.pass(seen_through);
         }}});
    return made;
  }
  void take(std::string_view text) {
    const std::lock_guard lock(mutex);
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      REQUIRE(end != std::string_view::npos);
      lines.emplace_back(text.substr(0, end));
      text.remove_prefix(end + 1);
    }
    changed.notify_all();
  }
  void send(std::string_view line) {
    session.feed(line);
    session.flush();
  }
  // All lines once there are `count`.
  std::vector<Json> wait_lines(std::size_t count) {
    std::unique_lock lock(mutex);
    REQUIRE(changed.wait_for(lock, kDeadline, [&] { return lines.size() >= count; }));
    std::vector<Json> parsed;
    for (const auto& line : lines) parsed.push_back(Json::parse(line));
    return parsed;
  }
  bool settle() { return session.wait_idle(base::system_clock().now() + kDeadline); }
};

std::string call(std::string_view id, std::string_view tool) {
  return R"({"jsonrpc":"2.0","id":)" + std::string(id) +
         R"(,"method":"tools/call","params":{"name":")" + std::string(tool) +
         R"(","arguments":{}}})";
}

constexpr const char* kPing = R"({"jsonrpc":"2.0","id":"p","method":"ping"})";

}  // namespace

TEST_CASE("a slow call delays nothing else") {
  Peer peer;
  peer.send(call("1", "gate"));
  peer.gate.wait_running(1);
  peer.send(kPing);
  CHECK(peer.wait_lines(1)[0]["id"] == "p");
  peer.send(call("2", "fail"));
  CHECK(peer.wait_lines(2)[1]["id"] == 2);
  peer.gate.open();
  CHECK(peer.wait_lines(3)[2]["id"] == 1);
}

TEST_CASE("answers known at once wait for the flush and leave together") {
  Peer peer;
  peer.session.feed(kPing);
  peer.session.feed(kPing);
  CHECK(peer.lines.empty());
  peer.session.flush();
  CHECK(peer.lines.size() == 2);
}

TEST_CASE("a call that the tool's check refuses is answered without a worker") {
  mcp::Server server{test::toy_info(), {test::toy_tools()}};
  base::WorkerPool no_workers{{.threads = 0, .queued = 0}};
  std::string answers;
  transport::LineSession session{
      server, {}, no_workers, [&](std::string_view lines) { answers += lines; }};
  session.feed(
      R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"text":"never"}}})");
  session.flush();
  CHECK(Json::parse(answers)["result"]["content"][0]["text"] == "this is never said");
}

TEST_CASE("a cancelled call is stopped and gets no answer") {
  Peer peer;
  peer.send(call("1", "gate"));
  peer.gate.wait_running(1);
  peer.send(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}})");
  CHECK(peer.settle());
  CHECK(peer.gate.was_stopped);
  CHECK(peer.lines.empty());
}

TEST_CASE("what a cancelled call sees through goes on, until the session stops") {
  for (const bool stops : {false, true}) {
    Peer peer;
    peer.send(call("1", "order"));
    peer.gate.wait_running(1);
    peer.send(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}})");
    stops ? peer.session.stop() : peer.gate.open();
    CHECK(peer.settle());
    CHECK(peer.gate.was_stopped == stops);
    CHECK(peer.lines.empty());
  }
}

TEST_CASE("a cancellation of another id, or of another kind of id, stops nothing") {
  Peer peer;
  peer.send(call("1", "gate"));
  peer.gate.wait_running(1);
  peer.send(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"1"}})");
  peer.send(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}})");
  peer.gate.open();
  CHECK(peer.wait_lines(1)[0]["id"] == 1);
  CHECK_FALSE(peer.gate.was_stopped);
}

TEST_CASE("an id that is in flight cannot be used again, afterwards it can") {
  Peer peer;
  peer.send(call("1", "gate"));
  peer.gate.wait_running(1);
  peer.send(call("1", "gate"));
  CHECK(peer.wait_lines(1)[0]["error"]["code"] == -32600);
  CHECK(peer.lines.size() == 1);
  peer.gate.open();
  peer.wait_lines(2);
  peer.send(call("1", "gate"));
  CHECK(peer.wait_lines(3)[2]["result"]["content"][0]["text"] == "through");
}

TEST_CASE("stopping ends every call under way") {
  Peer peer;
  peer.send(call("1", "gate"));
  peer.send(call("2", "gate"));
  peer.gate.wait_running(2);
  CHECK_FALSE(peer.session.wait_idle(base::system_clock().now()));
  peer.session.stop();
  CHECK(peer.settle());
  CHECK(peer.lines.size() == 2);
}

TEST_CASE("a bad line gets its error and the next line is served") {
  const std::vector<std::pair<std::string, int>> bad = {
      {"{nonsense", -32700},
      {"[]", -32600},
      {"7", -32600},
      {R"({"jsonrpc":"1.0","id":1,"method":"ping"})", -32600},
      {std::string("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"pi\0ng\"}", 42), -32700},
      {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xC3\x28\"}", -32700},
      {std::string(1000, '['), -32600},
      {R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"x":")" +
           std::string(transport::kMaxLineBytes, 'x') + R"("}})",
       -32600},
  };
  for (const auto& [line, code] : bad) {
    Peer peer;
    peer.send(line + "\r\n");
    peer.send(kPing);
    const auto answers = peer.wait_lines(2);
    CHECK(answers[0]["error"]["code"] == code);
    CHECK(answers[1]["id"] == "p");
  }
}

TEST_CASE("a line that is too long is answered with its id when that stood near its beginning") {
  Peer peer;
  peer.send(R"({"jsonrpc":"2.0","id":"far","method":"m","params":{"x":")" +
            std::string(transport::kMaxLineBytes, 'x') + R"("}})");
  CHECK(peer.wait_lines(1)[0]["id"] == "far");
}

TEST_CASE("blank lines are skipped") {
  Peer peer;
  peer.send("");
  peer.send("  \r\n");
  peer.send(kPing);
  CHECK(peer.wait_lines(1).size() == 1);
}

TEST_CASE("a batch is answered by one array when its last call has ended") {
  Peer peer;
  peer.send("[" + call("1", "gate") + "," + std::string(kPing) +
            R"(,{"jsonrpc":"2.0","method":"notifications/initialized"},7])");
  peer.gate.wait_running(1);
  CHECK(peer.lines.empty());
  peer.gate.open();
  const Json array = peer.wait_lines(1)[0];
  REQUIRE(array.is_array());
  std::multiset<std::string> ids;
  for (const Json& answer : array) ids.insert(answer.value("id", Json()).dump());
  CHECK(ids == std::multiset<std::string>{"\"p\"", "1", "null"});
}

TEST_CASE("a batch of notifications gets no answer, a cancelled call is missing from its array") {
  Peer peer;
  peer.send(R"([{"jsonrpc":"2.0","method":"notifications/initialized"}])");
  peer.send("[" + call("1", "gate") + "," + std::string(kPing) + "]");
  peer.gate.wait_running(1);
  peer.send(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}})");
  const auto answers = peer.wait_lines(1);
  REQUIRE(answers.size() == 1);
  REQUIRE(answers[0].size() == 1);
  CHECK(answers[0][0]["id"] == "p");
}

TEST_CASE("more calls than the pool takes are refused and say that they were not run") {
  Gate gate;
  const mcp::Server server(test::toy_info(),
                           {{{R"({"name":"gate","inputSchema":{"type":"object"}})",
                              {[&](const mcp::ToolCall& made) { return gate.pass(made); }}}}});
  base::WorkerPool pool({1, 1});
  std::mutex mutex;
  std::string out;
  transport::LineSession session(server, {}, pool, [&](std::string_view text) {
    const std::lock_guard lock(mutex);
    out += text;
  });
  for (const char* id : {"1", "2", "3"}) session.feed(call(id, "gate"));
  session.flush();
  {
    const std::lock_guard lock(mutex);
    const Json refused = Json::parse(out);
    CHECK(refused["id"] == 3);
    CHECK(refused["error"]["message"].get<std::string>().find("was not run") != std::string::npos);
  }
  gate.open();
  CHECK(session.wait_idle(base::system_clock().now() + kDeadline));
}
