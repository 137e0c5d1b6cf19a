// What the listener tells of its requests, and the admin address. These tests try to find a secret
// in a log line, and to have a stranger's word believed about who he is.
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <functional>
#include <sstream>

#include "http/listener_fixture.h"
#include "transport/http_admin.h"

using namespace motion_mcp;
using namespace motion_mcp::test;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kForwarded = "X-Forwarded-For: 203.0.113.7\r\n";

std::string client_seen(const Site::Setup& setup) {
  Site site(setup);
  Client client = site.connect();
  client.ask(ping(1, kForwarded));
  return site.records.wait(1).front().client;
}

}  // namespace

TEST_CASE("one line for each request, of plain JSON") {
  Site site;
  Client client = site.connect();
  const Answer answer = client.ask(call(1, "echo", R"({"text":"hi"})"));
  client.ask("nonsense\r\n\r\n");
  const auto records = site.records.wait(2);
  REQUIRE(records.size() == 2);
  const Json line = Json::parse(records[0].line, nullptr, false);
  REQUIRE(line.is_object());
  CHECK(line["request_id"] == answer.header("X-Request-Id"));
  CHECK(line["client"] == "127.0.0.1");
  CHECK(line["method"] == "tools/call");
  CHECK(line["tool"] == "echo");
  CHECK(line["status"] == 200);
  const std::string request = call(1, "echo", R"({"text":"hi"})");
  CHECK(line["bytes_in"] == request.size() - request.find("\r\n\r\n") - 4);
  CHECK(line["bytes_out"].get<std::size_t>() > answer.body.size());
  CHECK(Json::parse(records[1].line)["status"] == 400);
}

TEST_CASE("whoever keeps lines back is told when to write them, after every request") {
  Site site;
  Client client = site.connect();
  for (std::size_t count = 1; count <= 3; ++count) {
    client.ask(ping(static_cast<int>(count)));
    CHECK(site.records.wait_flushed(count) == count);
  }
  client.ask("nonsense\r\n\r\n");
  CHECK(site.records.wait_flushed(4) == 4);
}

TEST_CASE("the access log writes whole lines in their order, and the last ones when it ends") {
  std::array<int, 2> pipe{};
  REQUIRE(::pipe2(pipe.data(), O_DIRECT) == 0);  // a read brings what one write wrote
  const transport::HttpSubject subject;
  const auto serve = [&](transport::HttpAccessLog& log, std::string_view id) {
    log.served({.request_id = id, .client = {}, .method = {}, .path = {}, .subject = subject});
  };
  const auto read = [&] {
    std::array<char, 4096> text{};
    const auto count = ::read(pipe[0], text.data(), text.size());
    return std::string(text.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  };
  {
    transport::HttpAccessLog log(pipe[1]);
    serve(log, "a");
    serve(log, "b");
    log.flush();
    const std::string first = read();
    CHECK(std::count(first.begin(), first.end(), '\n') == 2);
    CHECK(first.find("\"a\"") < first.find("\"b\""));
    for (int i = 0; i < 100; ++i) serve(log, "c");
    log.flush();
    for (int lines = 0; lines < 100;) {
      const std::string some = read();
      REQUIRE(some.ends_with("}\n"));
      lines += static_cast<int>(std::count(some.begin(), some.end(), '\n'));
    }
    serve(log, "d");
  }
  ::close(pipe[1]);
  const std::string last = read();
  CHECK(last.find("\"d\"") != std::string::npos);
  CHECK(last.find("\"c\"") == std::string::npos);
  CHECK(last.ends_with("}\n"));
  ::close(pipe[0]);
}

TEST_CASE("a reader that stalls costs the log what it has no room for, and the log goes on") {
  std::array<int, 2> pipe{};
  REQUIRE(::pipe2(pipe.data(), 0) == 0);
  constexpr std::size_t kRoom = 100'000;
  const transport::HttpSubject subject;
  transport::HttpAccessLog log(pipe[1], kRoom);
  const auto serve = [&](std::string_view id) {
    log.served({.request_id = id, .client = {}, .method = {}, .path = {}, .subject = subject});
    log.flush();
  };
  constexpr std::size_t kMany = 5000;  // far more than the pipe and the room
  for (std::size_t i = 0; i < kMany; ++i) serve("stalled");

  std::string text;
  const auto read_until = [&](const std::function<bool()>& is_there) {
    const auto deadline = std::chrono::steady_clock::now() + kTestDeadline;
    while (!is_there() && std::chrono::steady_clock::now() < deadline) {
      pollfd ready{pipe[0], POLLIN, 0};
      if (::poll(&ready, 1, 1000) <= 0) return;
      std::array<char, 65'536> some{};
      const auto count = ::read(pipe[0], some.data(), some.size());
      if (count > 0) text.append(some.data(), static_cast<std::size_t>(count));
    }
  };
  read_until([] { return false; });  // all that was kept
  serve("after");
  read_until([&] { return text.find("\"after\"") != std::string::npos; });
  CHECK(text.find("\"after\"") != std::string::npos);
  CHECK(text.ends_with("}\n"));

  std::size_t seen = 0;
  std::size_t dropped = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const Json told = Json::parse(line, nullptr, false);
    REQUIRE(told.is_object());
    dropped += told.value("dropped", std::size_t{0});
    seen += told.value("request_id", "") == "stalled" ? 1 : 0;
  }
  CHECK(dropped > 0);
  CHECK(seen + dropped == kMany);
  ::close(pipe[0]);
  ::close(pipe[1]);
}

TEST_CASE("callers who share a connection, as behind a proxy, stay apart") {
  Site site;
  Client client = site.connect();
  const auto owner_of = [&](std::size_t record) {
    return Json::parse(site.records.wait(record + 1).at(record).line)["owner"];
  };
  for (const char* key : {"motion_first", "motion_second", "motion_first"}) {
    client.ask(message(std::string(kPlace) + "Authorization: Bearer " + key + "\r\n",
                       R"({"jsonrpc":"2.0","id":1,"method":"ping"})"));
  }
  CHECK(owner_of(0) != owner_of(1));
  CHECK(owner_of(0) == owner_of(2));
}

TEST_CASE("a call that failed is told from one that did well, as a reply and as a stream") {
  Site site;
  Client client = site.connect();
  client.ask(call(1, "echo", "{}"));
  client.send(call_with_progress(2, "tell"));
  REQUIRE(site.gate.wait_entered(1));
  site.drain(50ms, kTestDeadline);  // the call is stopped, which this tool calls an error
  const auto records = site.records.wait(2);
  REQUIRE(records.size() == 2);
  CHECK(Json::parse(records[0].line)["outcome"] == "tool_error");
  CHECK(Json::parse(records[1].line)["stream"] == true);
  CHECK(Json::parse(records[1].line)["outcome"] == "tool_error");
}

TEST_CASE("no secret is in any line, wherever a client puts it") {
  const std::string canary = "motion_canary0123456789";
  const std::string bearer = "Authorization: Bearer " + canary + "\r\n";
  const std::string host = "Host: 127.0.0.1\r\nContent-Type: application/json\r\n";
  const std::string body = R"({"jsonrpc":"2.0","id":1,"method":")" + canary +
                           R"(","params":{"name":")" + canary + R"("}})";
  const std::string tool_call = R"({"jsonrpc":"2.0","id":")" + canary +
                                R"(","method":"tools/call","params":{"name":")" + canary +
                                R"(","arguments":{"key":")" + canary + R"("}}})";
  const std::vector<std::string> requests = {
      message("POST /mcp HTTP/1.1\r\n" + host + bearer, body),
      message("POST /mcp HTTP/1.1\r\n" + host + bearer, tool_call),
      message("POST /mcp?key=" + canary + " HTTP/1.1\r\n" + host + bearer, tool_call),
      message("POST /mcp?key=" + canary + " HTTP/1.1\r\n" + host, tool_call),
      message("POST /mcp HTTP/1.1\r\n" + host + bearer + "X-Forwarded-For: " + canary + "\r\n",
              body),
      message("POST /mcp HTTP/1.1\r\n" + host + bearer + bearer, body),
      message("POST /mcp/" + canary + " HTTP/1.1\r\n" + host, tool_call),
      message("POST /" + canary + "/mcp HTTP/1.1\r\n" + host + bearer, tool_call),
      "GET /" + canary + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
      canary + " /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
  };
  Site::Setup setup;
  REQUIRE(setup.options.trusted_proxies.add("127.0.0.0/8"));
  Site site(setup);
  for (const std::string& request : requests) site.connect().ask(request);
  const auto records = site.records.wait(requests.size());
  REQUIRE(records.size() == requests.size());
  for (const auto& record : records) {
    CAPTURE(record.line);
    CHECK(record.line.find("canary") == std::string::npos);
  }
}

TEST_CASE("a path is named when something is served there, and no other") {
  Site site;
  const auto path_of = [&](const std::string& target, std::size_t number) {
    site.connect().ask("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    const auto records = site.records.wait(number);
    REQUIRE(records.size() == number);
    return Json::parse(records.back().line)["path"].get<std::string>();
  };
  CHECK(path_of("/mcp?key=motion_x", 1) == "/mcp");
  CHECK(path_of("/mcp/", 2) == "other");
  CHECK(path_of("/MCP", 3) == "other");
  CHECK(path_of("/" + std::string(2000, 'x'), 4) == "other");
}

TEST_CASE("X-Forwarded-For is believed from a trusted proxy alone") {
  CHECK(client_seen({}) == "127.0.0.1");
  Site::Setup setup;
  REQUIRE(setup.options.trusted_proxies.add("10.0.0.0/8"));
  CHECK(client_seen(setup) == "127.0.0.1");
  REQUIRE(setup.options.trusted_proxies.add("127.0.0.1"));
  CHECK(client_seen(setup) == "203.0.113.7");
}

TEST_CASE("the admin address has its three paths and asks nobody who he is") {
  bool is_ready = true;
  const transport::HttpAdmin admin({[&] { return is_ready; }, [] { return "figure 1\n"; }});
  Records records;
  base::WorkerPool pool({});
  auto listener = transport::HttpListener::open({}, pool, records);
  REQUIRE(listener);
  (*listener)->serve(admin);
  Client client((*listener)->port());
  const auto get = [&](const std::string& path) {
    return client.ask("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
  };
  CHECK(get("/healthz").status == 200);
  CHECK(get("/readyz").status == 200);
  CHECK(get("/metrics").body == "figure 1\n");
  CHECK(get("/mcp").status == 404);
  is_ready = false;
  CHECK(get("/readyz").status == 503);
  CHECK(get("/healthz").status == 200);

  client.send("HEAD /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(client.read_answer(false).header("Content-Length") == "9");
  CHECK(client.ask("POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").status == 405);
}
