// Tries to make the client talk to somebody else than the service it named, or pay for a handshake
// more often than once.
#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include <array>
#include <future>

#include "fakes/certificates.h"
#include "fakes/sockets.h"
#include "fault/net_service.h"

using namespace motion_mcp;
using fakes::TestCertificates;
using net::HttplibClient;

namespace {

struct Secured {
  explicit Secured(const std::vector<std::string>& names, bool expired = false)
      : certificates(names, expired),
        service(certificates.certificate_file(), certificates.key_file()) {}

  [[nodiscard]] HttplibClient::Options trusting() const {
    HttplibClient::Options options;
    options.ca_file = certificates.ca_file();
    return options;
  }

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

// Takes one connection, says goodbye inside TLS as soon as the handshake is done, and goes on to
// read. Newer versions of httplib answer that with the same request on a new connection.
class ParsimoniousServer {
 public:
  explicit ParsimoniousServer(const TestCertificates& certificates) {
    context_ = SSL_CTX_new(TLS_server_method());
    SSL_CTX_use_certificate_file(context_, certificates.certificate_file().c_str(),
                                 SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file(context_, certificates.key_file().c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_set_num_tickets(context_, 0);  // so that the goodbye is the first thing to come
    thread_ = std::thread([this] {
      while (!stopping_) serve(port_.accept_within(10));
    });
  }
  ~ParsimoniousServer() {
    stopping_ = true;
    thread_.join();
    SSL_CTX_free(context_);
  }
  [[nodiscard]] std::string url() const {
    return "https://127.0.0.1:" + std::to_string(port_.number()) + "/";
  }
  [[nodiscard]] int requests() const { return requests_; }

 private:
  void serve(const fakes::Socket& client) {
    if (!client.valid()) return;
    SSL* ssl = SSL_new(context_);
    SSL_set_fd(ssl, client.descriptor());
    if (SSL_accept(ssl) == 1) {
      SSL_shutdown(ssl);
      std::array<char, 16384> bytes{};
      if (SSL_read(ssl, bytes.data(), static_cast<int>(bytes.size())) > 0) ++requests_;
      while (SSL_read(ssl, bytes.data(), static_cast<int>(bytes.size())) > 0) continue;
    }
    SSL_free(ssl);
  }

  fakes::LoopbackPort port_;
  SSL_CTX* context_ = nullptr;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> requests_ = 0;
  std::thread thread_;
};

}  // namespace

TEST_CASE("a certificate of the authority in --ca-file is accepted, with one handshake for all") {
  const Secured secured({"IP:127.0.0.1"});
  HttplibClient client(secured.trusting());
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
  HttplibClient client(by_name.trusting());
  check_refused(client, by_name.service, "IP address mismatch");
  const auto response = client.send(
      get("https://localhost:" + std::to_string(by_name.service.port()) + "/"), in_a_while(), {});
  REQUIRE_FALSE(response);
  CHECK(response.error().message.find("hostname mismatch") != std::string::npos);
}

TEST_CASE("a name is matched without regard to what else is in the certificate") {
  const Secured secured({"DNS:other.example", "DNS:localhost"});
  HttplibClient client(secured.trusting());
  const auto response =
      client.send(get("https://LOCALHOST:" + std::to_string(secured.service.port()) + "/json"),
                  in_a_while(), {});
  REQUIRE_MESSAGE(response, response.error().message);
  CHECK(response->status == 200);
}

TEST_CASE("an expired certificate is refused, and nothing is sent") {
  const Secured secured({"IP:127.0.0.1"}, true);
  HttplibClient client(secured.trusting());
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

TEST_CASE("a service that says goodbye before it answers never gets a POST twice") {
  const TestCertificates certificates({"IP:127.0.0.1"});
  ParsimoniousServer server(certificates);
  HttplibClient::Options options;
  options.ca_file = certificates.ca_file();
  HttplibClient client(options);
  // So large that the goodbye is there before the last byte has left.
  const auto response =
      client.send(post(server.url(), std::string(8 * 1024 * 1024, 'x')), in_a_while(), {});
  REQUIRE_FALSE(response);
  CHECK(response.error().kind == ErrorKind::interrupted);
  CHECK(server.requests() == 1);
}

TEST_CASE("headers without end are cut off inside TLS") {
  constexpr std::size_t kSoMuch = 64 * 1024 * 1024;
  const TestCertificates certificates({"IP:127.0.0.1"});
  const fakes::LoopbackPort port;
  auto server = std::async(std::launch::async, [&] {
    SSL_CTX* context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_use_certificate_file(context, certificates.certificate_file().c_str(),
                                 SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file(context, certificates.key_file().c_str(), SSL_FILETYPE_PEM);
    const fakes::Socket client = port.accept_within(10'000);
    SSL* ssl = SSL_new(context);
    SSL_set_fd(ssl, client.descriptor());
    std::size_t sent = 0;
    if (SSL_accept(ssl) == 1) {
      SSL_write(ssl, "HTTP/1.1 200 OK\r\n", 17);
      const std::string line = "X-Long: " + std::string(4000, 'x') + "\r\n";
      const int size = static_cast<int>(line.size());
      while (sent < kSoMuch && SSL_write(ssl, line.data(), size) > 0) sent += line.size();
    }
    SSL_free(ssl);
    SSL_CTX_free(context);
    return sent;
  });
  HttplibClient::Options options;
  options.ca_file = certificates.ca_file();
  HttplibClient client(options);
  const auto response = client.send(get("https://127.0.0.1:" + std::to_string(port.number()) + "/"),
                                    in_a_while(), {});
  REQUIRE_FALSE(response);
  CHECK(response.error().kind == ErrorKind::interrupted);
  CHECK(server.get() < kSoMuch);
}
