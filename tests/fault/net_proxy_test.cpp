// Tries to make the client go around the proxy, or give the proxy's password or the service's key
// to the wrong one of the two.
#include <doctest/doctest.h>

#include "fakes/certificates.h"
#include "fakes/connect_proxy.h"
#include "fault/net_service.h"

using namespace motion_mcp;
using fakes::ConnectProxy;
using net::HttplibClient;

namespace {

struct BehindProxy {
  explicit BehindProxy(int status = 200) : proxy(service.port(), status) {
    options.ca_file = certificates.ca_file();
    options.https_proxy = "http://127.0.0.1:" + std::to_string(proxy.port());
  }
  // Only the proxy can find this host.
  [[nodiscard]] std::string url(const std::string& path) const {
    return "https://api.motion.test:" + std::to_string(service.port()) + path;
  }

  fakes::TestCertificates certificates{{"DNS:api.motion.test", "IP:0.0.0.0"}};
  Service service{certificates.certificate_file(), certificates.key_file()};
  ConnectProxy proxy;
  HttplibClient::Options options;
};

void check_no_tunnel(BehindProxy& behind, std::string_view message, std::string_view next_step) {
  HttplibClient client(behind.options);
  const auto response = client.send(post(behind.url("/echo"), "x"), in_a_while(), {});
  REQUIRE_FALSE(response);
  CHECK(response.error().kind == ErrorKind::unreachable);
  CHECK_MESSAGE(response.error().message.find(message) != std::string::npos,
                response.error().message);
  CHECK_MESSAGE(response.error().next_step.find(next_step) != std::string::npos,
                response.error().next_step);
  CHECK(behind.service.requests().empty());
}

}  // namespace

TEST_CASE("https goes through a tunnel of the proxy, one for all requests in turn") {
  BehindProxy behind;
  HttplibClient client(behind.options);
  for (int i = 0; i < 5; ++i) {
    const auto response = client.send(get(behind.url("/json")), in_a_while(), {});
    REQUIRE_MESSAGE(response, response.error().message);
    CHECK(response->status == 200);
  }
  const auto seen = behind.proxy.seen();
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].target == "api.motion.test:" + std::to_string(behind.service.port()));
  CHECK(seen[0].authorization.empty());
}

TEST_CASE("the proxy learns its own password and not the key, the service the reverse") {
  BehindProxy behind;
  behind.options.https_proxy =
      "http://me:p%40ss%3Aword@127.0.0.1:" + std::to_string(behind.proxy.port());
  HttplibClient client(behind.options);
  auto request = get(behind.url("/json"));
  request.headers = {{"Authorization", "Bearer motion_x"}};
  REQUIRE(client.send(request, in_a_while(), {}));
  REQUIRE(client.send(request, in_a_while(), {}));
  REQUIRE(behind.proxy.seen().size() == 1);
  CHECK(behind.proxy.seen()[0].authorization == "Basic bWU6cEBzczp3b3Jk");
  for (const auto& seen : behind.service.requests()) {
    CHECK(seen.get_header_value("Authorization") == "Bearer motion_x");
    CHECK_FALSE(seen.has_header("Proxy-Authorization"));
  }
}

TEST_CASE("the certificate is checked inside the tunnel") {
  BehindProxy behind;
  behind.options.ca_file.clear();
  check_no_tunnel(behind, "unable to get local issuer certificate", "--ca-file");
}

TEST_CASE("hosts in NO_PROXY are reached directly, others are not") {
  BehindProxy behind;
  // To connect to 0.0.0.0 is to connect to this machine, but it is no loopback address.
  const std::string url = "https://0.0.0.0:" + std::to_string(behind.service.port()) + "/json";
  {
    HttplibClient client(behind.options);
    REQUIRE(client.send(get(url), in_a_while(), {}));
    CHECK(behind.proxy.seen().size() == 1);
  }
  behind.options.no_proxy = "intranet.example, 0.0.0.0/8";
  HttplibClient client(behind.options);
  REQUIRE(client.send(get(url), in_a_while(), {}));
  CHECK(behind.proxy.seen().size() == 1);
}

TEST_CASE("loopback never goes through a proxy") {
  BehindProxy behind;
  const Service plain;
  HttplibClient client(behind.options);
  REQUIRE(client.send(get(plain.url("/json")), in_a_while(), {}));
  CHECK(behind.proxy.seen().empty());
}

TEST_CASE("a proxy that opens no tunnel is named, with what it said and what to do") {
  BehindProxy forbidden(403);
  check_no_tunnel(forbidden, "(status 403)", "NO_PROXY");
  BehindProxy locked(407);
  check_no_tunnel(locked, "wants a user name and password", "user:password@");
  BehindProxy mute(0);
  check_no_tunnel(mute, "opened no tunnel", "HTTPS_PROXY");
}

TEST_CASE("a proxy that cannot be reached or read is named") {
  BehindProxy behind;
  behind.options.https_proxy = "http://127.0.0.1:1";
  check_no_tunnel(behind, "no connection to the proxy 127.0.0.1:1", "HTTPS_PROXY");
  behind.options.https_proxy = "socks5://me:secret@127.0.0.1:1080";
  check_no_tunnel(behind, "scheme is not supported", "HTTPS_PROXY");
}
