// Tries to make the client talk to somebody else than the service it named, or pay for a handshake
// more often than once.
#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include <atomic>

#include "fakes/certificates.h"
#include "fakes/tls_server.h"
#include "fault/net_service.h"

using namespace motion_mcp;
using fakes::read_some;
using fakes::TestCertificates;
using fakes::TlsServer;
using fakes::write_all;
using net::HttplibClient;

namespace {

struct Secured {
  explicit Secured(const std::vector<std::string>& names, bool expired = false)
      : certificates(names, expired),
        service(certificates.certificate_file(), certificates.key_file()) {}

  TestCertificates certificates;
  Service service;
};

void check_refused(HttplibClient& client, const Service& service, std::string_view reason) {
  const auto response = client.send(post(service.url("/echo"), "secret"), in_a_while(), {});
  REQUIRE_FALSE(response);
  CHECK(response.error().kind == ErrorKind::unreachable);
  CHECK_MESSAGE(response.error().message.find(reason) != std::string::npos,
                response.error().message);
  CHECK(response.error().next_step.find("--ca-file") != std::string::npos);
  CHECK(service.requests().empty());
}

std::string url_of(const TlsServer& server) {
  return "https://127.0.0.1:" + std::to_string(server.port()) + "/";
}

HttplibClient::Options trusting(const TestCertificates& certificates) {
  HttplibClient::Options options;
  options.ca_file = certificates.ca_file();
  return options;
}

}  // namespace

TEST_CASE("a certificate of the authority in --ca-file is accepted, with one handshake for all") {
  const Secured secured({"IP:127.0.0.1"});
  HttplibClient client(trusting(secured.certificates));
  for (int i = 0; i < 10; ++i) {
    const auto response = client.send(get(secured.service.url("/json")), in_a_while(), {});
    REQUIRE_MESSAGE(response, response.error().message);
    CHECK(response->body == R"({"ok":true})");
  }
  CHECK(client.send(post(secured.service.url("/echo"), "x"), in_a_while(), {})->body == "x");
  CHECK(secured.service.connections() == 1);
}

TEST_CASE("an unknown authority is refused, and nothing is sent") {
  const Secured secured({"IP:127.0.0.1"});
  HttplibClient client({});
  check_refused(client, secured.service, "unable to get local issuer certificate");
}

TEST_CASE("another host's certificate is refused, and nothing is sent") {
  const Secured by_name({"DNS:other.example", "IP:127.0.0.2"});
  HttplibClient client(trusting(by_name.certificates));
  check_refused(client, by_name.service, "IP address mismatch");
  const auto response = client.send(
      get("https://localhost:" + std::to_string(by_name.service.port()) + "/"), in_a_while(), {});
  REQUIRE_FALSE(response);
  CHECK(response.error().message.find("hostname mismatch") != std::string::npos);
}

TEST_CASE("a name is matched without regard to what else is in the certificate") {
  const Secured secured({"DNS:other.example", "DNS:localhost"});
  HttplibClient client(trusting(secured.certificates));
  const auto response =
      client.send(get("https://LOCALHOST:" + std::to_string(secured.service.port()) + "/json"),
                  in_a_while(), {});
  REQUIRE_MESSAGE(response, response.error().message);
  CHECK(response->status == 200);
}

TEST_CASE("an expired certificate is refused, and nothing is sent") {
  const Secured secured({"IP:127.0.0.1"}, true);
  HttplibClient client(trusting(secured.certificates));
  check_refused(client, secured.service, "certificate has expired");
}

TEST_CASE("a CA file that cannot be read is named, and nothing is sent") {
  const Secured secured({"IP:127.0.0.1"});
  HttplibClient::Options options;
  options.ca_file = "/nowhere/ca.pem";
  HttplibClient client(options);
  check_refused(client, secured.service, "/nowhere/ca.pem");
}

TEST_CASE("a service that speaks no TLS is named as such") {
  const Service plain;
  HttplibClient client({});
  const auto response = client.send(
      get("https://127.0.0.1:" + std::to_string(plain.port()) + "/json"), in_a_while(), {});
  REQUIRE_FALSE(response);
  CHECK(response.error().kind == ErrorKind::unreachable);
  CHECK(response.error().message.find("the TLS handshake with 127.0.0.1:") == 0);
}

TEST_CASE("a connection that the service closed with a goodbye inside TLS costs nothing") {
  const TestCertificates certificates({"IP:127.0.0.1"});
  std::atomic<int> requests = 0;
  TlsServer server(certificates, [&](SSL* ssl) {
    while (read_some(ssl).find("\r\n\r\n") == std::string::npos) continue;
    ++requests;
    write_all(ssl, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    SSL_shutdown(ssl);
  });
  HttplibClient client(trusting(certificates));
  REQUIRE(client.send(get(url_of(server)), in_a_while(), {}));
  while (server.closed() < 1) std::this_thread::yield();
  const auto response = client.send(post(url_of(server), ""), in_a_while(), {});
  REQUIRE_MESSAGE(response, response.error().message);
  CHECK(requests.load() == 2);
}

TEST_CASE("a service that says goodbye before it answers never gets a POST twice") {
  const TestCertificates certificates({"IP:127.0.0.1"});
  std::atomic<int> requests = 0;
  TlsServer server(certificates, [&](SSL* ssl) {
    // Newer versions of httplib answer this with the same request on a new connection.
    SSL_shutdown(ssl);
    if (!read_some(ssl).empty()) ++requests;
    while (!read_some(ssl).empty()) continue;
  });
  HttplibClient client(trusting(certificates));
  // So large that the goodbye is there before the last byte has left.
  const auto response =
      client.send(post(url_of(server), std::string(8 * 1024 * 1024, 'x')), in_a_while(), {});
  REQUIRE_FALSE(response);
  CHECK(response.error().kind == ErrorKind::interrupted);
  CHECK(requests.load() <= 1);
}

TEST_CASE("headers without end are cut off inside TLS") {
  constexpr std::size_t kSoMuch = 64 * 1024 * 1024;
  const TestCertificates certificates({"IP:127.0.0.1"});
  std::atomic<std::size_t> sent = 0;
  TlsServer server(certificates, [&](SSL* ssl) {
    write_all(ssl, "HTTP/1.1 200 OK\r\n");
    const std::string line = "X-Long: " + std::string(4000, 'x') + "\r\n";
    while (sent < kSoMuch && write_all(ssl, line)) sent += line.size();
  });
  HttplibClient client(trusting(certificates));
  const auto response = client.send(get(url_of(server)), in_a_while(), {});
  REQUIRE_FALSE(response);
  CHECK(response.error().kind == ErrorKind::interrupted);
  while (server.closed() < 1) std::this_thread::yield();
  CHECK(sent < kSoMuch);
}
