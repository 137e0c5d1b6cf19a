// On a port, the sandbox must survive what its HTTP library does not by itself: hostile headers,
// bodies without end, many connections at once, and a stop while clients sit idle.
#include "sandbox/server.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <thread>
#include <vector>

#include "base/json_value.h"
#include "fakes/manual_clock.h"
#include "unit/sandbox/raw_connection.h"

using namespace motion_mcp;
using namespace motion_mcp::sandbox;

namespace {

constexpr std::string_view kKey = "Authorization: Bearer motion_test\r\n";

std::string get(const std::string& target, std::string_view headers = kKey,
                const std::string& method = "GET") {
  return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(headers) + "\r\n";
}

std::string post(const std::string& target, const std::string& body,
                 std::string_view headers = kKey) {
  return "POST " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
         std::string(headers) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

std::string create(std::string_view headers = kKey) {
  return post("/api/motion/sessions", R"({"prompt":"a film"})", headers);
}

Json json(const Answer& answer) {
  Json body = Json::parse(answer.body, nullptr, false);
  REQUIRE_FALSE(body.is_discarded());
  return body;
}

struct Running {
  fakes::ManualClock clock;
  std::unique_ptr<Server> server = start();

  std::unique_ptr<Server> start() {
    auto started = Server::start({.speed = 1}, clock);
    REQUIRE(started);
    return *std::move(started);
  }

  [[nodiscard]] Answer ask(const std::string& request) const {
    return RawConnection(server->port()).exchange(request);
  }
  [[nodiscard]] Json charges() const {
    return json(ask(get("/_sandbox/ledger", ""))).at("charges");
  }
  // Path and query of a finished video's link.
  std::string ready_link() {
    const Json accepted = json(ask(create()));
    clock.advance(std::chrono::minutes(10));
    const Json job = json(ask(get(accepted.at("status_url"))));
    const std::string url = job.at("output").at("download_url");
    return url.substr(url.find("/_sandbox"));
  }
};

}  // namespace

TEST_CASE("the base URL is the address of the API") {
  const Running sandbox;
  CHECK(sandbox.server->api_base_url() ==
        "http://127.0.0.1:" + std::to_string(sandbox.server->port()) + "/api/motion");
  CHECK(sandbox.ask(create()).status == 202);
  CHECK(sandbox.ask(get("/api/motion/sessions/x")).status == 404);
  CHECK(sandbox.ask(get("/api/motion/sessions/x", "")).status == 401);
}

TEST_CASE("a connection serves one request after another") {
  const Running sandbox;
  RawConnection connection(sandbox.server->port());
  for (int i = 0; i < 20; ++i) CHECK(connection.exchange(create()).status == 202);
  CHECK(sandbox.charges().size() == 20);
}

TEST_CASE("a video is read whole, by HEAD and in part, without a key and never with one") {
  Running sandbox;
  const std::string link = sandbox.ready_link();
  RawConnection connection(sandbox.server->port());

  const Answer whole = connection.exchange(get(link, ""));
  CHECK(whole.status == 200);
  CHECK(whole.has("Content-Type: video/mp4\r\n"));
  CHECK(whole.has("Accept-Ranges: bytes\r\n"));
  CHECK(whole.body.substr(4, 4) == "ftyp");

  const Answer head = connection.exchange(get(link, "", "HEAD"));
  CHECK(head.status == 200);
  CHECK(head.has("Content-Length: " + std::to_string(whole.body.size()) + "\r\n"));

  const Answer part = connection.exchange(get(link, "Range: bytes=4-7\r\n"));
  CHECK(part.status == 206);
  CHECK(part.body == "ftyp");
  CHECK(part.has("Content-Range: bytes 4-7/" + std::to_string(whole.body.size()) + "\r\n"));

  CHECK(connection.exchange(get(link, "Range: bytes=99999999-\r\n")).status == 416);
  CHECK(connection.exchange(get(link)).status == 400);
}

TEST_CASE("a Range header of 8 KB harms nobody") {
  Running sandbox;
  const std::string link = sandbox.ready_link();
  std::string ranges = "Range: bytes=0-0";
  while (ranges.size() < 8000) ranges += ",0-0";
  const std::string digits = "Range: bytes=" + std::string(8000, '1');
  for (const std::string& hostile : {ranges, digits + "-", digits}) {
    CHECK(sandbox.ask(get(link, hostile + "\r\n")).status != 0);
    CHECK(sandbox.ask(create(std::string(kKey) + hostile + "\r\n")).status != 0);
    CHECK(sandbox.ask(get("/_sandbox/ledger", "")).status == 200);
  }
}

TEST_CASE("a Range header does not cut the API's answers") {
  const Running sandbox;
  const Answer answer = sandbox.ask(create(std::string(kKey) + "Range: bytes=0-3\r\n"));
  CHECK(answer.status == 202);
  CHECK(json(answer).at("status") == "queued");
}

TEST_CASE("a path of 8 KB is refused") {
  const Running sandbox;
  const Answer answer = sandbox.ask(get("/" + std::string(8000, 'x')));
  CHECK(answer.status == 414);
  CHECK(json(answer).contains("error"));
}

TEST_CASE("what is no HTTP is answered in JSON as well") {
  const Running sandbox;
  const Answer answer = sandbox.ask("NONSENSE\r\n\r\n");
  CHECK(answer.status == 400);
  CHECK(json(answer).contains("error"));
}

TEST_CASE("a body over 1 MiB is a 413, sent whole or in chunks, and costs nothing") {
  const Running sandbox;
  const std::string whole = R"({"prompt":"a film"})" + std::string(1'100'000, ' ');
  CHECK(sandbox.ask(post("/api/motion/sessions", whole)).status == 413);

  std::string chunked =
      "POST /api/motion/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
      "application/json\r\n" +
      std::string(kKey) + "Transfer-Encoding: chunked\r\n\r\n13\r\n{\"prompt\":\"a film\"}\r\n";
  for (int i = 0; i < 20; ++i) chunked += "10000\r\n" + std::string(65536, ' ') + "\r\n";
  CHECK(sandbox.ask(chunked + "0\r\n\r\n").status == 413);
  CHECK(sandbox.charges().empty());
}

TEST_CASE("a body in chunks is a body") {
  const Running sandbox;
  const Answer answer = sandbox.ask(
      "POST /api/motion/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
      "application/json\r\n" +
      std::string(kKey) +
      "Transfer-Encoding: chunked\r\n\r\nb\r\n{\"prompt\":\"\r\n8\r\na film\"}\r\n0\r\n\r\n");
  CHECK(answer.status == 202);
}

TEST_CASE("a POST without a body lacks the prompt, and is told so at once") {
  const Running sandbox;
  CHECK(sandbox
            .ask("POST /api/motion/sessions HTTP/1.1\r\nHost: localhost\r\n" + std::string(kKey) +
                 "\r\n")
            .status == 400);
}

TEST_CASE("a request that was cut off is not carried out, even when what came reads well") {
  const Running sandbox;
  const std::string sized = post("/api/motion/sessions", R"({"prompt":"a film"}  )");
  const std::string chunked =
      "POST /api/motion/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
      "application/json\r\n" +
      std::string(kKey) + "Transfer-Encoding: chunked\r\n\r\n13\r\n{\"prompt\":\"a film\"}\r\n";
  for (const std::string& cut :
       {sized.substr(0, sized.size() - 5), sized.substr(0, sized.size() - 1), chunked}) {
    RawConnection connection(sandbox.server->port());
    connection.send(cut);
    connection.end_sending();
    CHECK(connection.receive().status != 202);
  }
  CHECK(sandbox.charges().empty());
}

TEST_CASE("64 connections that stay open are all served") {
  const Running sandbox;
  std::deque<RawConnection> connections;
  for (int i = 0; i < 64; ++i) connections.emplace_back(sandbox.server->port());
  for (RawConnection& connection : connections) {
    REQUIRE(connection.is_open());
    REQUIRE(connection.exchange(create()).status == 202);
  }
  CHECK(sandbox.charges().size() == 64);
}

TEST_CASE("clients at the same time lose nothing and see only their own jobs") {
  const Running sandbox;
  constexpr int kClients = 8;
  constexpr int kJobs = 20;
  std::atomic<int> good = 0;
  std::vector<std::jthread> clients;
  clients.reserve(kClients);
  for (int client = 0; client < kClients; ++client) {
    clients.emplace_back([&, client] {
      const std::string key =
          "Authorization: Bearer motion_client" + std::to_string(client) + "\r\n";
      RawConnection connection(sandbox.server->port());
      for (int i = 0; i < kJobs; ++i) {
        const Json accepted = Json::parse(connection.exchange(create(key)).body, nullptr, false);
        if (!accepted.is_object()) return;
        const std::string url = accepted.value("status_url", "");
        if (connection.exchange(get(url, key)).status == 200 &&
            connection.exchange(get(url)).status == 404) {
          ++good;
        }
      }
    });
  }
  clients.clear();
  CHECK(good == kClients * kJobs);
  CHECK(sandbox.charges().size() == kClients * kJobs);
}

TEST_CASE("a stop ends idle, silent and half-sent connections at once") {
  Running sandbox;
  const int port = sandbox.server->port();
  RawConnection idle(port);
  CHECK(idle.exchange(create()).status == 202);
  RawConnection silent(port);
  RawConnection half(port);
  half.send(create().substr(0, 40));

  const auto before = std::chrono::steady_clock::now();
  sandbox.server.reset();
  // Idle connections are kept for a minute otherwise.
  CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(20));
  CHECK(idle.is_ended());
  CHECK(silent.is_ended());
}

TEST_CASE("a server that is stopped before its first request stops") {
  for (int i = 0; i < 20; ++i) const Running sandbox;
}

TEST_CASE("what cannot be started says why") {
  const Running sandbox;
  const auto taken = Server::start({.port = sandbox.server->port()});
  REQUIRE_FALSE(taken);
  CHECK(taken.error().message ==
        "the sandbox cannot listen on 127.0.0.1:" + std::to_string(sandbox.server->port()));
  CHECK_FALSE(Server::start({.speed = 0}));
  CHECK_FALSE(Server::start({.speed = -1}));
  CHECK_FALSE(Server::start({.host = "203.0.113.1"}));
}
