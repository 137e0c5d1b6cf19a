// Tries to make the client lose track of a request: to send a POST twice, to call a request unsent
// that may have arrived, to wait for ever, or to take half an answer for a whole one.
#include <doctest/doctest.h>

#include <future>

#include "fakes/certificates.h"
#include "fakes/fault_proxy.h"
#include "fakes/sockets.h"
#include "fault/net_service.h"
#include "net/connection_pool.h"

using namespace motion_mcp;
using namespace std::chrono_literals;
using fakes::Fault;
using fakes::FaultProxy;
using net::HttplibClient;

namespace {

struct Faulty {
  Service service;
  FaultProxy proxy{service.port()};
  HttplibClient client{{}};

  [[nodiscard]] std::string url(const std::string& path) const { return proxy.base_url() + path; }
  Result<net::HttpResponse> send(const net::HttpRequest& request) {
    return client.send(request, in_a_while(), {});
  }
};

// A port whose queue of connections is full, so that one more neither succeeds nor fails.
class DeafPort {
 public:
  DeafPort() {
    socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    socklen_t size = sizeof address;
    getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    listen(socket_, 0);
    port_ = ntohs(address.sin_port);
    for (int& filler : fillers_) {
      filler = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      connect(filler, reinterpret_cast<sockaddr*>(&address), sizeof address);
    }
  }
  ~DeafPort() {
    for (const int filler : fillers_) close(filler);
    close(socket_);
  }
  [[nodiscard]] std::string url(const std::string& scheme) const {
    return scheme + "://127.0.0.1:" + std::to_string(port_) + "/";
  }

 private:
  int socket_ = -1;
  int fillers_[4] = {};
  std::uint16_t port_ = 0;
};

}  // namespace

TEST_CASE("what the service answers comes back as it is, whatever the status") {
  Faulty f;
  f.proxy.harm("", 1, Fault::answer(429, "slow down", {{"Retry-After", "7"}}));
  f.proxy.harm("", 2, Fault::answer(503, "later"));
  f.proxy.harm("", 3, Fault::html(502));
  f.proxy.harm("", 4, Fault::not_json());
  for (const int status : {429, 503, 502, 200, 200}) {
    const auto response = f.send(get(f.url("/json")));
    REQUIRE(response);
    CHECK(response->status == status);
    if (status == 429) CHECK(net::find_header(response->headers, "retry-after") == "7");
  }
  CHECK(f.proxy.connections() == 1);
  CHECK(f.proxy.forwarded() == 1);
}

TEST_CASE("a refused connection is unreachable, and nothing was sent") {
  Faulty f;
  f.proxy.refuse_for(1h);
  const auto response = f.send(post(f.url("/echo"), "x"));
  REQUIRE_FALSE(response);
  CHECK(response.error().kind == ErrorKind::unreachable);
  CHECK(response.error().message.starts_with("no connection to 127.0.0.1:"));
  CHECK(f.proxy.received() == 0);
}

TEST_CASE("a POST that broke after it left is interrupted and was sent once") {
  const std::pair<Fault, std::size_t> cases[] = {{Fault::reset_before_request(), 0},
                                                 {Fault::reset_after_request(), 1},
                                                 {Fault::reset_after_answer(), 1},
                                                 {Fault::cut_body(3), 1}};
  for (const bool kept_alive : {false, true}) {
    for (const auto& [fault, forwarded] : cases) {
      Faulty f;
      if (kept_alive) REQUIRE(f.send(get(f.url("/json"))));
      f.proxy.harm("POST", 1, fault);
      const auto response = f.send(post(f.url("/echo"), "a body"));
      REQUIRE_FALSE(response);
      // A reset that is early enough keeps the body from leaving at all.
      const bool maybe_unsent = forwarded == 0 && response.error().kind == ErrorKind::unreachable;
      CHECK((maybe_unsent || response.error().kind == ErrorKind::interrupted));
      CHECK(f.proxy.received("POST") == 1);
      CHECK(f.proxy.forwarded("POST") == forwarded);
      CHECK(f.send(post(f.url("/echo"), "a body"))->body == "a body");
    }
  }
}

TEST_CASE("a connection that the service closed while idle costs nothing") {
  Faulty f;
  REQUIRE(f.send(get(f.url("/json"))));
  f.proxy.drop_idle_connections();
  const auto response = f.send(post(f.url("/echo"), "x"));
  REQUIRE(response);
  CHECK(response->body == "x");
  CHECK(f.proxy.forwarded("POST") == 1);
}

TEST_CASE("a request unsafe to repeat takes only a connection used just now") {
  const Service service;
  const auto url = net::parse_url(service.url("/json"));
  REQUIRE(url);
  auto connection = net::Connection::prepare(*url, {}, "127.0.0.1", nullptr, {});
  REQUIRE(connection);
  const auto answer = (*connection)->exchange(get(""), *url, {{"Host", "x"}}, {});
  REQUIRE(std::holds_alternative<net::HttpResponse>(answer));

  net::ConnectionPool pool;
  const base::SteadyTime now{};
  pool.put("s", now, *std::move(connection));
  CHECK(pool.take("s", now + 4s, HttplibClient::kMaxIdleBeforePost) == nullptr);
  auto again = pool.take("s", now + 4s, net::ConnectionPool::kMaxIdle);
  REQUIRE(again);
  pool.put("s", now, std::move(again));
  CHECK(pool.take("s", now + 61s, net::ConnectionPool::kMaxIdle) == nullptr);
}

TEST_CASE("a pool keeps as many connections as it says, the newest, and passes over dead ones") {
  fakes::LoopbackPort port;
  port.open();
  const auto url = net::parse_url("http://127.0.0.1:" + std::to_string(port.number()) + "/");
  REQUIRE(url);
  std::vector<fakes::Socket> served;
  const auto connect = [&] {
    auto connection = net::Connection::prepare(*url, {}, "127.0.0.1", nullptr, {});
    REQUIRE(connection);
    auto exchange = std::async(std::launch::async, [&] {
      return (*connection)->exchange(get(""), *url, {{"Host", "x"}}, {});
    });
    served.push_back(port.accept_within(20'000));
    served.back().read();
    served.back().write("HTTP/1.1 204 No Content\r\n\r\n");
    REQUIRE(std::holds_alternative<net::HttpResponse>(exchange.get()));
    return *std::move(connection);
  };
  net::ConnectionPool pool;
  const base::SteadyTime now{};
  for (std::size_t i = 0; i < net::ConnectionPool::kMaxIdlePerService; ++i) {
    pool.put("s", now, connect());
  }
  auto newest = connect();
  const net::Connection* const expected = newest.get();
  pool.put("s", now + 1s, std::move(newest));
  pool.put("s", now + 2s, connect());
  served.back().shut_down();
  std::size_t kept = 0;
  while (const auto taken = pool.take("s", now + 3s, net::ConnectionPool::kMaxIdle)) {
    if (kept++ == 0) CHECK(taken.get() == expected);
  }
  CHECK(kept == net::ConnectionPool::kMaxIdlePerService - 1);
}

TEST_CASE("a body that drips ends with the deadline") {
  Faulty f;
  f.proxy.harm("", 1, Fault::drip_body(50ms));
  const auto began = std::chrono::steady_clock::now();
  const auto response = f.client.send(get(f.url("/bytes?count=1000")), in(200ms), {});
  REQUIRE_FALSE(response);
  CHECK(response.error().kind == ErrorKind::interrupted);
  CHECK(response.error().message.find("in time") != std::string::npos);
  CHECK(std::chrono::steady_clock::now() - began < 10s);
}

TEST_CASE("an answer that is whole is not thrown away because time ran out meanwhile") {
  const Service service;
  HttplibClient client({});
  const auto deadline = in(1s);
  const auto response =
      client.send(get(service.url("/json")), deadline, {}, [&](std::string_view bytes) {
        std::this_thread::sleep_until(deadline + 100ms);
        return bytes == R"({"ok":true})";
      });
  REQUIRE(response);
  CHECK(response->status == 200);
}

TEST_CASE("a service that falls silent ends with the read timeout or the deadline") {
  Service service;
  FaultProxy proxy(service.port());
  proxy.harm("", 1, Fault::stall());
  proxy.harm("", 2, Fault::stall());
  HttplibClient::Options options;
  options.read_timeout = 100ms;
  HttplibClient impatient(options);
  const auto silent = impatient.send(get(proxy.base_url() + "/json"), in_a_while(), {});
  REQUIRE_FALSE(silent);
  CHECK(silent.error().kind == ErrorKind::interrupted);

  HttplibClient patient({});
  const auto late = patient.send(post(proxy.base_url() + "/echo", "x"), in(100ms), {});
  REQUIRE_FALSE(late);
  CHECK(late.error().kind == ErrorKind::interrupted);
  CHECK(proxy.received("POST") == 1);
}

TEST_CASE("a deadline that has passed sends nothing") {
  const Service service;
  HttplibClient client({});
  const auto response = client.send(post(service.url("/echo"), "x"), in(-1ms), {});
  REQUIRE_FALSE(response);
  CHECK(response.error().kind == ErrorKind::unreachable);
  CHECK(service.requests().empty());
}

TEST_CASE("a caller who leaves is let go at once while the service is silent") {
  Service service;
  HttplibClient client({});
  std::stop_source stop;
  auto waiting = std::async(std::launch::async, [&] {
    return client.send(get(service.url("/wait")), in_a_while(), stop.get_token());
  });
  while (!service.somebody_waits()) std::this_thread::yield();
  const auto left = std::chrono::steady_clock::now();
  stop.request_stop();
  const auto response = waiting.get();
  CHECK(std::chrono::steady_clock::now() - left < 5s);
  REQUIRE_FALSE(response);
  CHECK(response.error().kind == ErrorKind::cancelled);
  service.release();
  CHECK(client.send(get(service.url("/json")), in_a_while(), {}));
}

TEST_CASE("a caller who has left already sends nothing") {
  const Service service;
  HttplibClient client({});
  std::stop_source stop;
  stop.request_stop();
  const auto response =
      client.send(post(service.url("/echo"), "x"), in_a_while(), stop.get_token());
  REQUIRE_FALSE(response);
  CHECK(response.error().kind == ErrorKind::cancelled);
  CHECK(service.requests().empty());
}

TEST_CASE("a connect that hangs ends with its timeout, and nothing was sent") {
  const DeafPort port;
  HttplibClient::Options options;
  options.connect_timeout = 100ms;
  HttplibClient client(options);
  const auto response = client.send(get(port.url("http")), in_a_while(), {});
  REQUIRE_FALSE(response);
  CHECK(response.error().kind == ErrorKind::unreachable);
  CHECK(response.error().message.find("in time") != std::string::npos);
}

TEST_CASE("a caller who leaves, or whose time is up, is let go while a connect hangs") {
  const DeafPort port;
  for (const std::string scheme : {"http", "https"}) {
    HttplibClient client({});
    const auto began = std::chrono::steady_clock::now();
    const auto late = client.send(get(port.url(scheme)), in(50ms), {});
    REQUIRE_FALSE(late);
    CHECK(late.error().kind == ErrorKind::unreachable);

    std::stop_source stop;
    auto waiting = std::async(std::launch::async, [&] {
      return client.send(get(port.url(scheme)), in_a_while(), stop.get_token());
    });
    CHECK(waiting.wait_for(50ms) == std::future_status::timeout);
    stop.request_stop();
    const auto response = waiting.get();
    REQUIRE_FALSE(response);
    CHECK(response.error().kind == ErrorKind::cancelled);
    CHECK(std::chrono::steady_clock::now() - began < 5s);
  }
}

TEST_CASE("a TLS handshake that hangs ends with the deadline, and nothing was sent") {
  const fakes::TestCertificates certificates({"IP:127.0.0.1"});
  const fakes::LoopbackPort silent;
  HttplibClient::Options options;
  options.ca_file = certificates.ca_file();
  HttplibClient client(options);
  const auto response = client.send(
      post("https://127.0.0.1:" + std::to_string(silent.number()) + "/", "x"), in(300ms), {});
  REQUIRE_FALSE(response);
  CHECK(response.error().kind == ErrorKind::unreachable);
  CHECK(response.error().message.find("TLS") != std::string::npos);
}

TEST_CASE("requests in turn share a connection, requests at once do not wait for each other") {
  Service service;
  HttplibClient client({});
  for (int i = 0; i < 10; ++i) REQUIRE(client.send(get(service.url("/json")), in_a_while(), {}));
  CHECK(service.connections() == 1);

  std::vector<std::future<Result<net::HttpResponse>>> guests;
  for (int i = 0; i < 4; ++i) {
    guests.push_back(std::async(std::launch::async, [&] {
      return client.send(get(service.url("/meet?guests=4")), in_a_while(), {});
    }));
  }
  for (auto& guest : guests) CHECK(guest.get());
  CHECK(service.connections() == 4);
}
