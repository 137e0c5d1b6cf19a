// Streams of server-sent events over real sockets. These tests try to lose the answer behind
// progress, to get a stream where none is taken, and to stop work by leaving that must go on.
#include <thread>

#include "http/listener_fixture.h"
#include "transport/http_exchange.h"

using namespace motion_mcp;
using namespace motion_mcp::test;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kJsonOnly = "Accept: application/json\r\n";

Site::Setup with_comments_every(std::chrono::milliseconds interval) {
  Site::Setup setup;
  setup.options.comment_interval = interval;
  return setup;
}

std::string listen(int id, std::string_view accept) {
  return message(head(std::string(accept) +
                      "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: subscriptions/listen\r\n"),
                 R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
                     R"(,"method":"subscriptions/listen","params":{"notifications":{},"_meta":{)"
                     R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
                     R"("io.modelcontextprotocol/clientCapabilities":{}}}})");
}

}  // namespace

TEST_CASE("progress opens a stream whose last event is the answer; then the connection goes on") {
  for (const bool is_modern : {false, true}) {
    Site site;
    Client client = site.connect();
    client.send(is_modern ? modern_call(5, "tell") : call_with_progress(5, "tell"));
    const Answer head = client.read_head();
    CHECK(head.status == 200);
    CHECK(head.header("Content-Type") == "text/event-stream");
    CHECK(head.header("X-Accel-Buffering") == "no");
    CHECK(head.header("Cache-Control") == "no-store, no-transform");
    CHECK(head.header("Transfer-Encoding") == "chunked");
    CHECK(head.header("Content-Length").empty());
    REQUIRE(site.gate.wait_entered(1));
    site.gate.open();
    std::string stream;
    for (std::string chunk = client.read_chunk(); !chunk.empty(); chunk = client.read_chunk()) {
      stream += chunk;
    }
    const auto messages = messages_of(stream);
    REQUIRE(messages.size() == 3);
    CHECK(messages[0]["params"]["message"] == "one");
    CHECK(messages[1]["params"]["message"] == "two");
    CHECK(messages[2]["id"] == 5);
    CHECK(messages[2]["result"]["content"][0]["text"] == "passed");
    CHECK(id_of(client.ask(ping(6))) == 6);
    CHECK(site.records.wait(1).front().was_stream);
  }
}

TEST_CASE("a call that says nothing before its answer is JSON") {
  Site site;
  Client client = site.connect();
  const Answer answer = client.ask(call(1, "echo", R"({"text":"hi"})"));
  CHECK(answer.header("Content-Type") == "application/json");
}

TEST_CASE(
    "a page of an allowed origin can read the answer of a call: as JSON, stream and refusal") {
  Site site;
  const std::string page = std::string(kStream) + "Origin: https://page.example\r\n";
  const auto is_readable = [](const Answer& answer) {
    return answer.header("Access-Control-Allow-Origin") == "https://page.example" &&
           answer.header("Access-Control-Expose-Headers").find("Retry-After") !=
               std::string::npos &&
           answer.header("Vary") == "Origin";
  };
  Client client = site.connect();
  const Answer json = client.ask(call(1, "echo", R"({"text":"hi"})", page));
  CHECK(json.header("Content-Type") == "application/json");
  CHECK(is_readable(json));

  client.send(call_with_progress(2, "tell", page));
  const Answer stream = client.read_head();
  CHECK(stream.header("Content-Type") == "text/event-stream");
  CHECK(is_readable(stream));

  Site::Setup without_threads;
  without_threads.pool = {.threads = 0, .queued = 0};
  Site full(without_threads);
  const Answer refused = full.connect().ask(call(3, "echo", R"({"text":"hi"})", page));
  CHECK(refused.status == 503);
  CHECK(is_readable(refused));

  CHECK(site.connect().ask(call(4, "echo")).header("Access-Control-Allow-Origin").empty());
  site.gate.open();
}

TEST_CASE("comments come while a call is silent, and the answer after them") {
  Site site(with_comments_every(20ms));
  Client client = site.connect();
  client.send(call(1, "wait"));
  CHECK(client.read_head().header("Content-Type") == "text/event-stream");
  for (int i = 0; i < 3; ++i) CHECK(client.read_chunk() == ": keepalive\n\n");
  site.gate.open();
  std::string stream;
  for (std::string chunk = client.read_chunk(); !chunk.empty(); chunk = client.read_chunk()) {
    stream += chunk;
  }
  const auto messages = messages_of(stream);
  REQUIRE(messages.size() == 1);
  CHECK(messages[0]["id"] == 1);
}

TEST_CASE("a client that takes no stream hears nothing until the answer") {
  Site site(with_comments_every(20ms));
  Client client = site.connect();
  client.send(call_with_progress(1, "tell", kJsonOnly));
  REQUIRE(site.gate.wait_entered(1));
  CHECK_FALSE(client.has_bytes_within(200));
  site.gate.open();
  const Answer answer = client.read_answer();
  CHECK(answer.header("Content-Type") == "application/json");
  CHECK(id_of(answer) == 1);
}

TEST_CASE("beyond --max-streams a call is answered without its progress") {
  Site::Setup setup = with_comments_every(20ms);
  setup.options.streams = 1;
  Site site(setup);
  Client first = site.connect();
  first.send(call_with_progress(1, "tell"));
  CHECK(first.read_head().header("Content-Type") == "text/event-stream");
  CHECK(site.listener->figures().streams == 1);

  Client second = site.connect();
  second.send(call_with_progress(2, "tell"));
  REQUIRE(site.gate.wait_entered(2));
  CHECK_FALSE(second.has_bytes_within(100));
  site.gate.open();
  const Answer answer = second.read_answer();
  CHECK(answer.header("Content-Type") == "application/json");
  CHECK(id_of(answer) == 2);
  while (!first.read_chunk().empty()) {
  }
  // The place is free again.
  CHECK(first.ask(call_with_progress(3, "tell")).header("Content-Type") == "text/event-stream");
  first.ask(ping(4));
  CHECK(site.listener->figures().streams == 0);
}

TEST_CASE("without a place for its stream a listener is told at once, and takes no place") {
  Site::Setup setup;
  setup.options.streams = 0;
  setup.admission.in_flight = 1;
  Site full(setup);
  Client client = full.connect();
  for (int id = 1; id < 4; ++id) {
    const Answer refused = client.ask(listen(id, kStream));
    CHECK(refused.status == 503);
    CHECK_FALSE(refused.header("Retry-After").empty());
  }
  CHECK(client.ask(call(4, "echo", R"({"text":"hi"})")).status == 200);
  CHECK(full.listener->figures().streams == 0);

  Site site;
  CHECK(site.connect().ask(listen(1, kJsonOnly)).status == 406);
  std::string older = listen(1, kStream);
  older.replace(older.find("HTTP/1.1"), 8, "HTTP/1.0");
  CHECK(site.connect().ask(older).status == 406);
  client = site.connect();
  client.send(listen(2, kStream));
  CHECK(client.read_head().header("Content-Type") == "text/event-stream");
  while (!client.read_chunk().empty()) {
  }
  client.ask(ping(3));
  CHECK(site.listener->figures().streams == 0);
}

TEST_CASE("a client that no stream leads to is not waited for: nobody can ask it") {
  const std::string initialize = message(
      head(kStream),
      R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",)"
      R"("capabilities":{"elicitation":{}},"clientInfo":{"name":"t","version":"1"}}})");
  Site::Setup setup;
  setup.options.streams = 0;
  Site full(setup);
  Site site;
  for (Site* each : {&full, &site}) {
    Client client = each->connect();
    const std::string session =
        "Mcp-Session-Id: " + client.ask(initialize).header("Mcp-Session-Id") + "\r\n";
    std::string request = call(2, "ask", "{}", std::string(kStream) + session);
    if (each == &site) request.replace(request.find("HTTP/1.1"), 8, "HTTP/1.0");
    const Answer answer = client.ask(request);
    CHECK(answer.header("Content-Type") == "application/json");
    CHECK(answer.body.find("nobody to ask") != std::string::npos);
  }
}

TEST_CASE("leaving ends a call of 2026-07-28, whatever it does") {
  for (const char* tool : {"tell", "pay"}) {
    for (const bool by_reset : {false, true}) {
      CAPTURE(tool);
      Site site;
      Client client = site.connect();
      client.send(modern_call(1, tool));
      REQUIRE(site.gate.wait_entered(1));
      if (by_reset) client.socket().reset_on_close();
      client.close();
      CHECK(site.gate.wait_stopped(1));
      CHECK(site.records.wait(1).front().client_left);
    }
  }
}

TEST_CASE("leaving ends a mere wait of an older version, and nothing that may spend") {
  Site site;
  Client waiting = site.connect();
  waiting.send(call_with_progress(1, "tell"));
  REQUIRE(site.gate.wait_entered(1));
  waiting.close();
  CHECK(site.gate.wait_stopped(1));

  Client paying = site.connect();
  paying.send(call_with_progress(2, "pay"));
  REQUIRE(site.gate.wait_entered(2));
  paying.close();
  const auto records = site.records.wait(2);
  REQUIRE(records.size() == 2);
  CHECK(records.back().client_left);
  CHECK(site.gate.stopped() == 1);
  site.gate.open();
  CHECK(site.gate.wait_passed(1));
}

TEST_CASE("progress that nobody takes is dropped, the answer is not") {
  Site::Setup setup;
  Site site(setup);
  transport::HttpWork work;
  work.may_stream = true;
  work.run = [](const mcp::RunContext& context) {
    for (int i = 0; i < 1000; ++i) context.notify(std::string(1000, 'x'));
    return transport::HttpReply{200, {}, "answer"};
  };
  transport::HttpExchange exchange(std::move(work), [] {}, {});
  exchange.run();
  const auto output = exchange.take();
  CHECK(output.events.size() < 2 * transport::HttpExchange::kMaxPendingBytes);
  REQUIRE(output.answer);
  CHECK(output.answer->body == "answer");
}
