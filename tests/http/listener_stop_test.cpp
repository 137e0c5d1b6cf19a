// A listener that stops. These tests try to lose the answer of a call that was under way, to be
// served by a server that is gone, and to keep it from ending.
#include <thread>

#include "http/listener_fixture.h"

using namespace motion_mcp;
using namespace motion_mcp::test;
using namespace std::chrono_literals;

TEST_CASE("drained: idle connections close at once, and nobody new is let in") {
  Site site;
  Client fresh = site.connect();
  Client idle = site.connect();
  CHECK(idle.ask(ping(1)).status == 200);
  std::thread reader([&] {
    CHECK(fresh.is_closed());
    CHECK(idle.is_closed());
    fresh.close();
    idle.close();
  });
  CHECK(site.drain(kTestDeadline, kTestDeadline));
  reader.join();
  CHECK_FALSE(fakes::connect_to("127.0.0.1", site.port()).valid());
}

TEST_CASE("drained: a call that ends in time has its answer") {
  Site site;
  Client plain = site.connect();
  plain.send(call(1, "pay"));
  Client streaming = site.connect();
  streaming.send(call_with_progress(2, "tell"));
  REQUIRE(site.gate.wait_entered(2));
  std::thread client([&] {
    site.gate.open();
    const Answer answer = plain.read_answer();
    CHECK(id_of(answer) == 1);
    CHECK(answer.body.find("passed") != std::string::npos);
    CHECK(plain.is_closed());
    const auto messages = messages_of(streaming.read_answer().body);
    REQUIRE(messages.size() == 3);
    CHECK(messages.back()["id"] == 2);
    CHECK(streaming.is_closed());
    plain.close();
    streaming.close();
  });
  CHECK(site.drain(kTestDeadline, kTestDeadline));
  client.join();
  CHECK(site.gate.stopped() == 0);
}

TEST_CASE("drained: a call that would wait on is stopped, and has its answer all the same") {
  Site site;
  Client plain = site.connect();
  plain.send(call(1, "pay"));
  Client streaming = site.connect();
  streaming.send(modern_call(2, "tell"));
  REQUIRE(site.gate.wait_entered(2));
  CHECK(site.drain(50ms, kTestDeadline));
  CHECK(site.gate.stopped() == 2);
  const Answer answer = plain.read_answer();
  CHECK(id_of(answer) == 1);
  CHECK(answer.header("Connection") == "close");  // though the call began before
  CHECK(plain.is_closed());
  const auto messages = messages_of(streaming.read_answer().body);
  REQUIRE(messages.size() == 3);
  CHECK(messages.back()["id"] == 2);
}

TEST_CASE("drained: false when a call hears no stop") {
  Site site;
  Client client = site.connect();
  client.send(call(1, "deaf"));
  REQUIRE(site.gate.wait_entered(1));
  CHECK_FALSE(site.drain(20ms, 100ms));
  site.gate.open();
  CHECK(id_of(client.read_answer()) == 1);
}

TEST_CASE("drained: a request that is only half there by then is refused, whatever is sent of it") {
  Site site;
  Client half = site.connect();
  const std::string request = call(1, "deaf");
  half.send(request.substr(0, request.size() - 1));
  // Served on the same threads: when both are answered, the halves have been read.
  for (int i = 0; i < 4; ++i) CHECK(site.connect().ask(ping(1)).status == 200);
  CHECK(site.drain(50ms, kTestDeadline));
  CHECK(half.read_answer().status == 503);
  CHECK(site.gate.entered() == 0);
}

TEST_CASE("drained: a request that had come before is served, though nobody has read it yet") {
  Site::Setup setup;
  for (int round = 0; round < 20; ++round) {
    Site site(setup);
    Client client = site.connect();
    CHECK(client.ask(ping(1)).status == 200);
    client.send(ping(2));
    CHECK(site.drain(kTestDeadline, kTestDeadline));
    CHECK(id_of(client.read_answer()) == 2);
  }
}

TEST_CASE("drained: requests behind a stopped call are stopped as well") {
  Site site;
  Client client = site.connect();
  client.send(call(1, "wait") + call(2, "wait"));
  REQUIRE(site.gate.wait_entered(1));
  CHECK(site.drain(50ms, kTestDeadline));
  CHECK(id_of(client.read_answer()) == 1);
  CHECK(id_of(client.read_answer()) == 2);
  CHECK(client.is_closed());
  CHECK(site.gate.stopped() == 2);
}

TEST_CASE("drained: work that outlasts its client goes on, then is stopped") {
  const std::string paid = call(1, "pay");
  const std::string seen_through = modern_call(1, "order");
  for (const std::string& request : {paid, seen_through}) {
    for (const bool ends_in_time : {true, false}) {
      CAPTURE(request);
      CAPTURE(ends_in_time);
      Site site;
      Client client = site.connect();
      client.send(request);
      REQUIRE(site.gate.wait_entered(1));
      client.close();
      REQUIRE(site.wait_connections(0));
      if (ends_in_time) {
        std::thread end([&] { site.gate.open(); });
        CHECK(site.drain(kTestDeadline, kTestDeadline));
        end.join();
      } else {
        CHECK(site.drain(50ms, kTestDeadline));
      }
      CHECK(site.gate.stopped() == (ends_in_time ? 0 : 1));
    }
  }
}

TEST_CASE("drained: true though a client does not take the answer it has") {
  Site::Setup setup;
  setup.options.stall_time = kTestDeadline * 2;
  Site site(setup);
  Client client = site.connect();
  client.send(call(1, "big"));
  REQUIRE(
      client.has_bytes_within(static_cast<int>(std::chrono::milliseconds(kTestDeadline).count())));
  CHECK(site.drain(50ms, 200ms));
}

TEST_CASE("the end of a listener stops the calls under way and waits for them") {
  auto site = std::make_unique<Site>();
  Client client = site->connect();
  client.send(call_with_progress(1, "pay"));
  REQUIRE(site->gate.wait_entered(1));
  site->listener.reset();
  CHECK(site->gate.stopped() == 1);
  client.read_all();
}

TEST_CASE("the end of a listener stops the calls whose clients have left as well") {
  Site site;
  Client client = site.connect();
  client.send(call(1, "pay"));
  REQUIRE(site.gate.wait_entered(1));
  client.close();
  REQUIRE(site.wait_connections(0));
  site.listener.reset();
  CHECK(site.gate.stopped() == 1);
}

TEST_CASE("a listener may end at any moment, with or without connections") {
  for (int round = 0; round < 60; ++round) {
    Site site;
    std::vector<Client> clients;
    for (int i = 0; i < round % 3; ++i) clients.push_back(site.connect());
    if (round % 2 == 0) {
      for (Client& client : clients) client.send(call(1, "wait"));
    }
  }
}

TEST_CASE("a listener that never served ends too") {
  Records records;
  base::WorkerPool pool({});
  CHECK(transport::HttpListener::open({}, pool, records));
}
