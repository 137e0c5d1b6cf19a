// The listener over TLS. These tests try to get in without it or with an old version, and to lose
// an answer at the end of a connection.
#include <thread>

#include "fakes/certificates.h"
#include "http/listener_fixture.h"

using namespace motion_mcp;
using namespace motion_mcp::test;
using namespace std::chrono_literals;

namespace {

Site::Setup secured() {
  static const fakes::TestCertificates kCertificates({"IP:127.0.0.1"});
  Site::Setup setup;
  setup.options.tls_certificate_file = kCertificates.certificate_file();
  setup.options.tls_key_file = kCertificates.key_file();
  return setup;
}

}  // namespace

TEST_CASE("TLS 1.2 and 1.3 are served, TLS 1.1 is not") {
  Site site(secured());
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    Client client = Client::with_tls(site.port(), version);
    REQUIRE(client.is_connected());
    for (int id = 1; id <= 3; ++id) CHECK(id_of(client.ask(ping(id))) == id);
  }
  CHECK_FALSE(Client::with_tls(site.port(), TLS1_1_VERSION).is_connected());
}

TEST_CASE("a call waits, streams and is stopped over TLS as without") {
  Site site(secured());
  {
    Client client = Client::with_tls(site.port());
    client.send(modern_call(1, "tell"));
    CHECK(client.read_head().header("Content-Type") == "text/event-stream");
    client.close();
    CHECK(site.gate.wait_stopped(1));
  }
  Client client = Client::with_tls(site.port());
  client.send(call_with_progress(2, "tell"));
  REQUIRE(site.gate.wait_entered(2));
  site.gate.open();
  const auto messages = messages_of(client.read_answer().body);
  REQUIRE(messages.size() == 3);
  CHECK(messages.back()["id"] == 2);
  CHECK(client.ask(call(3, "big")).body.size() > 12UL * 1024 * 1024);
}

TEST_CASE("a plain client, one that is silent and one that leaves do no harm to the rest") {
  Site::Setup setup = secured();
  setup.options.stall_time = 200ms;
  Site site(setup);
  Client silent = site.connect();
  Client plain = site.connect();
  plain.send(ping(1));
  plain.read_all();
  site.connect().close();
  CHECK(Client::with_tls(site.port()).ask(ping(1)).status == 200);
  CHECK(silent.is_closed());
}

TEST_CASE("a client that sends too much over TLS can read why it was refused") {
  Site::Setup setup = secured();
  setup.options.request.body_bytes = 10'000;
  Site site(setup);
  Client client = Client::with_tls(site.port());
  client.send(message(head(), std::string(4UL * 1024 * 1024, ' ')));
  CHECK(client.read_answer().status == 413);
}

TEST_CASE("clients that do not say goodbye over TLS do not hold a stop up") {
  Site site(secured());
  Client idle = Client::with_tls(site.port());
  CHECK(idle.ask(ping(1)).status == 200);
  Client waiting = Client::with_tls(site.port());
  waiting.send(call(2, "wait"));
  REQUIRE(site.gate.wait_entered(1));
  const auto begin = std::chrono::steady_clock::now();
  CHECK(site.drain(50ms, kTestDeadline));
  CHECK(std::chrono::steady_clock::now() - begin < transport::HttpListenerOptions{}.stall_time);
  CHECK(id_of(waiting.read_answer()) == 2);
}

TEST_CASE("files that are no certificate or key are named") {
  Records records;
  base::WorkerPool pool({});
  for (const bool is_key : {false, true}) {
    transport::HttpListenerOptions options = secured().options;
    (is_key ? options.tls_key_file : options.tls_certificate_file) = __FILE__;
    const auto opened = transport::HttpListener::open(options, pool, records);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().kind == ErrorKind::invalid_argument);
    CHECK(opened.error().message.find(__FILE__) != std::string::npos);
  }
}
