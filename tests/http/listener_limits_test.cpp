// The listener under abuse. These tests try to take it from others: by being slow, silent, many or
// large, or by never reading.
#include <sys/socket.h>

#include <thread>

#include "http/listener_fixture.h"

using namespace motion_mcp;
using namespace motion_mcp::test;
using namespace std::chrono_literals;

TEST_CASE("a client that is slow to send is told so and cut; the rest is served on") {
  Site::Setup setup;
  setup.options.request_time = 200ms;
  Site site(setup);
  const std::string half_a_head = std::string(kPlace);
  const std::string half_a_body = head("Content-Length: 100\r\n") + "\r\n{";
  for (const std::string& begin : {half_a_head, half_a_body}) {
    Client slow = site.connect();
    slow.send(begin);
    Client other = site.connect();
    CHECK(other.ask(ping(1)).status == 200);
    const Answer answer = slow.read_answer();
    CHECK(answer.status == 408);
    CHECK(slow.is_closed());
  }
}

TEST_CASE("a byte now and then does not prolong the time a request has") {
  Site::Setup setup;
  setup.options.request_time = 200ms;
  Site site(setup);
  Client slow = site.connect();
  slow.send("POST /mcp HTTP/1.1\r\nX: ");
  const auto deadline = std::chrono::steady_clock::now() + kTestDeadline;
  while (!slow.has_bytes_within(20) && std::chrono::steady_clock::now() < deadline) slow.send("y");
  CHECK(slow.read_answer().status == 408);
}

TEST_CASE("an idle connection is closed without a word") {
  Site::Setup setup;
  setup.options.idle_time = 100ms;
  Site site(setup);
  Client never_asked = site.connect();
  CHECK(never_asked.is_closed());
  Client asked = site.connect();
  CHECK(asked.ask(ping(1)).status == 200);
  CHECK(asked.is_closed());
  CHECK(site.records.wait(1).size() == 1);
}

TEST_CASE("a connection too many is told at once to come back; the others are served on") {
  Site::Setup setup;
  setup.options.connections = 2;
  Site site(setup);
  Client first = site.connect();
  Client second = site.connect();
  CHECK(first.ask(ping(1)).status == 200);
  CHECK(second.ask(ping(1)).status == 200);

  Client third = site.connect();
  const Answer answer = third.read_answer();
  CHECK(answer.status == 503);
  CHECK_FALSE(answer.header("Retry-After").empty());
  CHECK(third.is_closed());
  CHECK(site.listener->figures().turned_away == 1);
  CHECK(first.ask(ping(2)).status == 200);
  CHECK(second.ask(ping(2)).status == 200);
}

TEST_CASE("those turned away hold no place: a place that is free is given") {
  Site::Setup setup;
  setup.options.connections = 1;
  Site site(setup);
  Client first = site.connect();
  CHECK(first.ask(ping(1)).status == 200);
  Client turned_away = site.connect();
  CHECK(turned_away.read_answer().status == 503);
  first.close();
  REQUIRE(site.wait_connections(1));
  Client next = site.connect();
  CHECK(next.ask(ping(1)).status == 200);
}

TEST_CASE("bodies over the limit are refused, chunked ones too, and the client can read why") {
  Site::Setup setup;
  setup.options.request.body_bytes = 10'000;
  Site site(setup);
  const std::string much(4UL * 1024 * 1024, ' ');
  {
    Client client = site.connect();
    client.send(message(head(), much));
    CHECK(client.read_answer().status == 413);
    CHECK(client.is_closed());
  }
  {
    Client client = site.connect();
    std::string request = head("Transfer-Encoding: chunked\r\n") + "\r\n";
    for (int i = 0; i < 1000; ++i) request += "1000\r\n" + std::string(4096, ' ') + "\r\n";
    client.send(request + "0\r\n\r\n");
    CHECK(client.read_answer().status == 413);
    CHECK(client.is_closed());
  }
  Client other = site.connect();
  CHECK(other.ask(ping(1)).status == 200);
}

TEST_CASE("headers over the limits are refused: 100 of them, 16 KiB of them") {
  Site site;
  std::string many;
  for (int i = 0; i < 100; ++i) many += "X: y\r\n";
  CHECK(site.connect().ask(head(many) + "\r\n").status == 431);
  CHECK(site.connect().ask(head("X: " + std::string(17'000, 'y'))).status == 431);
  CHECK(site.connect().ask("POST /" + std::string(17'000, 'y')).status == 431);
}

TEST_CASE("a limit for headers may be above what is read ahead") {
  Site::Setup setup;
  setup.options.request.head.bytes = 256UL * 1024;
  Site site(setup);
  Client client = site.connect();
  CHECK(client.ask(ping(1, "X: " + std::string(100'000, 'y') + "\r\n")).status == 200);
  CHECK(client.ask(head("X: " + std::string(300'000, 'y'))).status == 431);
}

TEST_CASE("a client that takes nothing is cut, and costs nobody else") {
  Site::Setup setup;
  setup.options.stall_time = 200ms;
  Site site(setup);
  Client stalled = site.connect();
  const int small = 4096;
  setsockopt(stalled.socket().descriptor(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  stalled.send(call(1, "big"));
  Client other = site.connect();
  CHECK(other.ask(ping(1)).status == 200);

  const auto records = site.records.wait(2);
  REQUIRE(records.size() == 2);
  CHECK(records.back().client_left);
  CHECK(records.back().bytes_out < 12UL * 1024 * 1024);
  CHECK(site.wait_connections(1));
  CHECK(other.ask(ping(2)).status == 200);
}

TEST_CASE("a client that reads slowly but reads is served to the end") {
  Site::Setup setup;
  setup.options.stall_time = 2s;
  Site site(setup);
  Client client = site.connect();
  const Answer answer = client.ask(call(1, "big"));
  CHECK(answer.body.size() > 12UL * 1024 * 1024);
}

TEST_CASE("a call without a thread for it is refused and was not run") {
  Site::Setup setup;
  setup.pool = {.threads = 1, .queued = 0};
  Site site(setup);
  Client first = site.connect();
  first.send(call(1, "wait"));
  REQUIRE(site.gate.wait_entered(1));

  Client second = site.connect();
  const Answer refused = second.ask(call(2, "pay"));
  CHECK(refused.status == 503);
  CHECK_FALSE(refused.header("Retry-After").empty());
  CHECK(site.gate.entered() == 1);
  CHECK(second.ask(ping(3)).status == 200);  // needs no thread

  site.gate.open();
  CHECK(id_of(first.read_answer()) == 1);
}

TEST_CASE("a caller that asks one thing after the other never meets its own last call") {
  Site::Setup setup;
  setup.admission.in_flight_per_owner = 1;
  Site site(setup);
  Client client = site.connect();
  for (int id = 0; id < 500; ++id) {
    const Answer answer = client.ask(call(id, "echo", R"({"text":"hi"})"));
    REQUIRE(answer.status == 200);
  }
}

TEST_CASE("over a limit of calls: 429 for the caller that has its share, 503 when all is taken") {
  Site::Setup setup;
  setup.admission.in_flight_per_owner = 1;
  setup.admission.in_flight = 2;
  Site site(setup);
  Client first = site.connect();
  first.send(call(1, "wait"));
  REQUIRE(site.gate.wait_entered(1));
  Client same_caller = site.connect();
  const Answer too_many = same_caller.ask(call(2, "wait"));
  CHECK(too_many.status == 429);
  CHECK_FALSE(too_many.header("Retry-After").empty());

  const auto by = [](const std::string& name, std::string request) {
    const std::string key = "motion_0123456789abcdef";
    return request.replace(request.find(key), key.size(), "motion_" + name);
  };
  Client another = site.connect();
  another.send(by("another", call(3, "wait")));
  REQUIRE(site.gate.wait_entered(2));
  Client third = site.connect();
  CHECK(third.ask(by("third", call(4, "wait"))).status == 503);
  site.gate.open();
}
