// HTTP over real sockets. These tests try to get an answer that is another request's, to have two
// requests made of one, and to have something of a refused request served.
#include "transport/http_listener.h"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <thread>

#include "http/listener_fixture.h"

using namespace motion_mcp;
using namespace motion_mcp::test;
using namespace std::chrono_literals;

namespace {

// Which thread serves.
class ThreadService final : public transport::HttpService {
 public:
  [[nodiscard]] bool owns(std::string_view) const override { return true; }
  [[nodiscard]] std::optional<transport::HttpReply> refuse(
      const transport::HttpRequest&) const override {
    return std::nullopt;
  }
  [[nodiscard]] transport::HttpAnswer serve(const transport::HttpRequest&) const override {
    const std::lock_guard lock(mutex_);
    threads_.insert(std::this_thread::get_id());
    return {transport::HttpReply{}, {}};
  }
  std::size_t threads() const {
    const std::lock_guard lock(mutex_);
    return threads_.size();
  }

 private:
  mutable std::mutex mutex_;
  mutable std::set<std::thread::id> threads_;
};

// Breaks its promise not to throw.
class DefectiveService final : public transport::HttpService {
 public:
  [[nodiscard]] bool owns(std::string_view) const override { return true; }
  [[nodiscard]] std::optional<transport::HttpReply> refuse(
      const transport::HttpRequest&) const override {
    return std::nullopt;
  }
  [[nodiscard]] transport::HttpAnswer serve(const transport::HttpRequest& request) const override {
    if (request.target == "/defect") throw std::runtime_error("a defect");
    return {transport::HttpReply{}, {}};
  }
};

}  // namespace

TEST_CASE("a connection serves one request after the other") {
  Site site;
  Client client = site.connect();
  for (int id = 1; id <= 3; ++id) {
    const Answer answer = client.ask(ping(id));
    CHECK(answer.status == 200);
    CHECK(id_of(answer) == id);
    CHECK(answer.header("Content-Type") == "application/json");
    CHECK(answer.header("Connection").empty());
    CHECK_FALSE(answer.header("Date").empty());
  }
}

TEST_CASE("pipelined requests are answered in their order, also behind a call that waits") {
  Site site;
  Client client = site.connect();
  constexpr int kMany = 200;  // more bytes than are read ahead
  std::string requests = call(0, "wait");
  for (int id = 1; id < kMany; ++id) {
    requests += id % 2 == 0 ? ping(id) : call(id, "echo", R"({"text":"hi"})");
  }
  std::thread sender([&] { client.send(requests); });
  REQUIRE(site.gate.wait_entered(1));
  site.gate.open();
  sender.join();
  for (int id = 0; id < kMany; ++id) {
    const Answer answer = client.read_answer();
    REQUIRE(answer.status == 200);
    REQUIRE(id_of(answer) == id);
  }
}

TEST_CASE("a request may come a byte at a time") {
  Site site;
  Client client = site.connect();
  for (const char byte : ping(7)) client.send({&byte, 1});
  CHECK(id_of(client.read_answer()) == 7);
}

TEST_CASE("each answer names its request, and no two have the same name") {
  Site site;
  Client first = site.connect();
  Client second = site.connect();
  std::set<std::string> names;
  for (int i = 0; i < 3; ++i) {
    names.insert(first.ask(ping(1)).header("X-Request-Id"));
    names.insert(second.ask("nonsense\r\n\r\n").header("X-Request-Id"));
    second = site.connect();
  }
  CHECK(names.size() == 6);
  CHECK_FALSE(names.contains(""));
}

TEST_CASE("ambiguous bytes are refused, and what follows them is never served") {
  using namespace std::string_literals;
  const std::string body = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
  const std::string smuggled = call(2, "pay");
  const std::string line = "POST /mcp HTTP/1.1\r\n";
  const std::vector<std::pair<const char*, std::string>> rows = {
      {"two equal lengths", head("Content-Length: 0\r\nContent-Length: 0\r\n") + "\r\n"},
      {"two lengths", head("Content-Length: 0\r\nContent-Length: 500\r\n") + "\r\n"},
      {"a length and a coding",
       head("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") + "\r\n0\r\n\r\n"},
      {"a length that is none", head("Content-Length: 5abc\r\n") + "\r\n"},
      {"a coding before chunked", head("Transfer-Encoding: gzip, chunked\r\n") + "\r\n0\r\n\r\n"},
      {"an unknown coding", head("Transfer-Encoding: identity\r\n") + "\r\n"},
      {"a folded header", head("X-A: b\r\n  c\r\n") + "\r\n"},
      {"no Host", line + std::string(kCredential) + "\r\n"},
      {"two Hosts", head("Host: 127.0.0.1\r\n") + "\r\n"},
      {"a bad chunk size", head("Transfer-Encoding: chunked\r\n") + "\r\nxyz\r\n"},
      {"a NUL", head("X-A: b\0c\r\n"s) + "\r\n"},
      {"a CR alone", head("X-A: b\rc\r\n") + "\r\n"},
      {"a LF alone", line + "Host: 127.0.0.1\n\n"},
      {"no HTTP", body + "\r\n\r\n"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.first);
    Site site;
    Client client = site.connect();
    const Answer answer = client.ask(row.second + smuggled);
    CHECK(answer.status == 400);
    CHECK(answer.header("Connection") == "close");
    CHECK(client.is_closed());
    CHECK(site.records.wait(1).size() == 1);
    CHECK(site.gate.entered() == 0);
  }
}

TEST_CASE("a client that expects 100-continue is told to go on, and one of HTTP/1.0 is not") {
  Site site;
  Client client = site.connect();
  const std::string whole = ping(1, "Expect: 100-continue\r\n");
  const std::size_t body = whole.find("\r\n\r\n") + 4;
  client.send(whole.substr(0, body));
  CHECK(client.read_answer().status == 100);
  client.send(whole.substr(body));
  CHECK(client.read_answer().status == 200);

  std::string old = whole;
  old.replace(old.find("HTTP/1.1"), 8, "HTTP/1.0");
  Client older = site.connect();
  older.send(old.substr(0, body));
  CHECK_FALSE(older.has_bytes_within(100));
  older.send(old.substr(body));
  CHECK(older.read_answer().status == 200);
}

TEST_CASE("a stranger has its refusal before its body is taken in") {
  Site site;
  for (const std::string_view framing :
       {"Content-Length: 1000000\r\n", "Transfer-Encoding: chunked\r\n",
        "Content-Length: 10\r\nExpect: 100-continue\r\n"}) {
    Client client = site.connect();
    const Answer answer = client.ask(std::string(kPlace).append(framing) + "\r\n");
    CHECK(answer.status == 401);
    CHECK(answer.header("WWW-Authenticate") == "Bearer");
    CHECK(answer.header("Connection") == "close");
    CHECK(client.is_closed());
  }
}

TEST_CASE("a refusal of a whole request costs no connection") {
  Site site;
  Client client = site.connect();
  CHECK(client.ask("GET /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").status == 405);
  CHECK(client.ask("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").status == 404);
  CHECK(client.ask("OPTIONS /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").status == 204);
  CHECK(client.ask(message(std::string(kPlace), "{}")).status == 401);
  CHECK(client.ask(ping(1)).status == 200);
}

TEST_CASE("an answer to HEAD has no body") {
  Site site;
  Client client = site.connect();
  client.send("HEAD /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  const Answer answer = client.read_answer(false);
  CHECK(answer.status == 405);
  CHECK(answer.header("Content-Length") != "0");
  CHECK(id_of(client.ask(ping(3))) == 3);

  client.send("HEAD /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n");
  CHECK(client.read_answer(false).status == 405);
  CHECK(client.is_closed());
}

TEST_CASE("a client that speaks HTTP/1.0 gets JSON and the end of the connection") {
  Site site;
  Client client = site.connect();
  std::string request = call_with_progress(1, "tell");
  request.replace(request.find("HTTP/1.1"), 8, "HTTP/1.0");
  site.gate.open();
  const Answer answer = client.ask(request);
  CHECK(answer.header("Content-Type") == "application/json");
  CHECK(id_of(answer) == 1);
  CHECK(client.is_closed());
}

TEST_CASE("Connection: close is obeyed, and what came behind it does not cost the answer") {
  Site site;
  for (int i = 0; i < 20; ++i) {
    Client client = site.connect();
    const Answer answer = client.ask(ping(1, "Connection: close\r\n") + std::string(20'000, 'x'));
    CHECK(answer.status == 200);
    CHECK(answer.header("Connection") == "close");
    CHECK(client.is_closed());
  }
}

TEST_CASE("a mebibyte of brackets is refused as too deep, and the next request is served") {
  Site site;
  Client client = site.connect();
  const Answer answer = client.ask(message(head(), std::string(1024UL * 1024, '[')));
  CHECK(answer.status == 400);
  CHECK(answer.body.find("deeper than 64") != std::string::npos);
  CHECK(client.ask(ping(1)).status == 200);
}

TEST_CASE("300 connections opened at once are all served") {
  Site::Setup setup;
  setup.pool.queued = 300;
  Site site(setup);
  std::vector<Client> clients;
  clients.reserve(300);
  for (int i = 0; i < 300; ++i) clients.push_back(site.connect());
  for (int i = 0; i < 300; ++i) {
    clients[static_cast<std::size_t>(i)].send(i % 2 == 0 ? ping(i)
                                                         : call(i, "echo", R"({"text":"hi"})"));
  }
  for (int i = 0; i < 300; ++i) {
    REQUIRE(id_of(clients[static_cast<std::size_t>(i)].read_answer()) == i);
  }
}

TEST_CASE("connections that come one by one are spread over the I/O threads") {
  Records records;
  base::WorkerPool pool({});
  const ThreadService service;
  auto listener = transport::HttpListener::open({}, pool, records);
  REQUIRE(listener);
  (*listener)->serve(service);
  std::vector<Client> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back((*listener)->port());
    CHECK(clients.back().ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n").status == 200);
  }
  CHECK(service.threads() >= std::min(std::thread::hardware_concurrency(), 2U));
}

TEST_CASE("a defect costs the connection that met it, and nothing else") {
  Records records;
  base::WorkerPool pool({});
  const DefectiveService service;
  auto listener = transport::HttpListener::open({}, pool, records);
  REQUIRE(listener);
  (*listener)->serve(service);
  Client other((*listener)->port());
  CHECK(other.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n").status == 200);
  for (int i = 0; i < 4; ++i) {
    Client client((*listener)->port());
    client.send("GET /defect HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.is_closed());
  }
  CHECK(other.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n").status == 200);
  other.close();
  const auto deadline = std::chrono::steady_clock::now() + kTestDeadline;
  while ((*listener)->figures().connections > 0) {
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    std::this_thread::yield();
  }
}

TEST_CASE("an address that is taken is named") {
  const Site site;
  Records records;
  base::WorkerPool pool({});
  transport::HttpListenerOptions options;
  options.port = site.port();
  const auto second = transport::HttpListener::open(options, pool, records);
  REQUIRE_FALSE(second);
  CHECK(second.error().kind == ErrorKind::unavailable);
  CHECK(second.error().message.find("127.0.0.1:" + std::to_string(site.port())) !=
        std::string::npos);
}
