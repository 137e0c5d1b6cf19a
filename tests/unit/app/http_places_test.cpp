// Who may reach the HTTP endpoint, from what the operator said. These tests try to start a server
// that strangers can spend with, and one that nobody can reach.
#include "app/http_places.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace motion_mcp;
using namespace motion_mcp::app;

namespace {

constexpr const char* kKey = "motion_0123456789abcdef";

std::string why(const HttpConfig& config, const std::string& host, const std::string& key = kKey) {
  const auto access = make_access(config, {host, 0}, 8391, key);
  return access ? "" : access.error().message;
}

bool serves(const HttpConfig& config, const std::string& host, const std::string& authority) {
  const auto access = make_access(config, {host, 0}, 8391, kKey);
  REQUIRE(access);
  return std::find(access->hosts.begin(), access->hosts.end(), authority) != access->hosts.end();
}

}  // namespace

TEST_CASE("a loopback address is served under the names it has, with its port") {
  CHECK(serves({}, "127.0.0.1", "127.0.0.1:8391"));
  CHECK(serves({}, "127.0.0.1", "localhost:8391"));
  CHECK(serves({}, "::1", "[::1]:8391"));
  CHECK(serves({}, "192.168.1.2", "192.168.1.2:8391"));
  CHECK_FALSE(serves({}, "192.168.1.2", "localhost:8391"));
}

TEST_CASE("a page of the server's own may call it") {
  const auto origins = [](const HttpConfig& config, const std::string& host) {
    const auto access = make_access(config, {host, 0}, 8391, kKey);
    REQUIRE(access);
    return access->origins;
  };
  using List = std::vector<std::string>;
  CHECK(origins({}, "127.0.0.1") ==
        List{"http://127.0.0.1:8391", "http://localhost:8391", "http://[::1]:8391"});
  CHECK(origins({}, "192.168.1.2") == List{"http://192.168.1.2:8391"});
  HttpConfig secure;
  secure.tls_certificate_file = "certificate.pem";
  secure.allowed_origins = {"https://claude.ai"};
  CHECK(origins(secure, "192.168.1.2") == List{"https://claude.ai", "https://192.168.1.2:8391"});
}

TEST_CASE("the scheme's own port is left away, as clients do") {
  const auto plain = make_access({}, {"::1", 0}, 80, kKey);
  REQUIRE(plain);
  CHECK(plain->hosts == std::vector<std::string>{"127.0.0.1", "localhost", "[::1]"});
  CHECK(plain->origins.back() == "http://[::1]");
  HttpConfig secure;
  secure.tls_certificate_file = "certificate.pem";
  const auto usual = make_access(secure, {"192.168.1.2", 0}, 443, kKey);
  REQUIRE(usual);
  CHECK(usual->hosts == std::vector<std::string>{"192.168.1.2"});
  CHECK(usual->origins == std::vector<std::string>{"https://192.168.1.2"});
  const auto unusual = make_access(secure, {"192.168.1.2", 0}, 80, kKey);
  REQUIRE(unusual);
  CHECK(unusual->hosts == std::vector<std::string>{"192.168.1.2:80"});
}

TEST_CASE("an address that says nothing of its names is not served without them") {
  CHECK(why({}, "0.0.0.0").find("listening on 0.0.0.0") == 0);
  for (const char* every : {"::", "*", "0", "0x0", "0.0", "00.0.0.0", "::0", "0:0::0",
                            "::ffff:0.0.0.0", "::ffff:0:0", "::%1"}) {
    CAPTURE(every);
    CHECK(why({}, every).find("listening on " + std::string(every)) == 0);
  }
  HttpConfig named;
  named.allowed_hosts = {"mcp.example.org"};
  CHECK(serves(named, "0.0.0.0", "mcp.example.org"));
  HttpConfig published;
  published.public_url = "https://mcp.example.org/base";
  CHECK(serves(published, "0.0.0.0", "mcp.example.org"));
  const auto access = make_access(published, {"0.0.0.0", 0}, 8391, kKey);
  REQUIRE(access);
  CHECK(access->origins == std::vector<std::string>{"https://mcp.example.org"});
}

TEST_CASE("the server's own key is shared on purpose only, and not with strangers") {
  HttpConfig shared;
  shared.shared_key = true;
  CHECK(why(shared, "127.0.0.1").empty());
  CHECK(why(shared, "127.0.0.1", "").find("no Motion key to share") != std::string::npos);
  shared.allowed_hosts = {"mcp.example.org"};
  CHECK(why(shared, "0.0.0.0").find("--shared-key on 0.0.0.0") == 0);
  shared.endpoint_token = "0123456789abcdef";
  CHECK(why(shared, "0.0.0.0").empty());

  // A proxy before it makes a local server everybody's.
  HttpConfig behind_a_proxy;
  behind_a_proxy.shared_key = true;
  behind_a_proxy.public_url = "https://mcp.example.org";
  CHECK(why(behind_a_proxy, "127.0.0.1").find("--shared-key on https://mcp.example.org") == 0);
  behind_a_proxy.public_url = "http://localhost:8080";
  CHECK(why(behind_a_proxy, "127.0.0.1").empty());
  behind_a_proxy.allowed_hosts = {"[::1]:80", "127.0.0.1", "mcp.example.org:443"};
  CHECK(why(behind_a_proxy, "127.0.0.1").find("--shared-key on mcp.example.org:443") == 0);
  behind_a_proxy.endpoint_token = "0123456789abcdef";
  CHECK(why(behind_a_proxy, "127.0.0.1").empty());

  const auto unshared = make_access({}, {"127.0.0.1", 0}, 8391, kKey);
  REQUIRE(unshared);
  CHECK(unshared->shared_key.empty());
  HttpConfig token_alone;
  token_alone.endpoint_token = "0123456789abcdef";
  CHECK(why(token_alone, "127.0.0.1").find("opens nothing") != std::string::npos);
  HttpConfig with_a_bad_one;
  with_a_bad_one.endpoint_token_problem = Error{ErrorKind::invalid_argument, "too short"};
  CHECK(why(with_a_bad_one, "127.0.0.1") == "too short");
}

TEST_CASE("loopback is what only this machine can reach") {
  for (const char* host : {"127.0.0.1", "127.8.8.8", "localhost", "::1"}) CHECK(is_loopback(host));
  for (const char* host : {"0.0.0.0", "::", "10.0.0.1", "example.org"}) {
    CHECK_FALSE(is_loopback(host));
  }
}

TEST_CASE("clients find the authorization server under the public URL, or on loopback") {
  const auto issuer = [](const HttpConfig& config, const std::string& host) {
    const auto url = issuer_url(config, {host, 0}, 8391);
    return url ? *url : url.error().message;
  };
  HttpConfig published;
  published.public_url = "https://mcp.example.org";
  CHECK(issuer(published, "0.0.0.0") == "https://mcp.example.org");
  published.public_url = "https://mcp.example.org:8443";
  CHECK(issuer(published, "127.0.0.1") == "https://mcp.example.org:8443");
  CHECK(issuer({}, "127.0.0.1") == "http://127.0.0.1:8391");
  CHECK(issuer({}, "::1") == "http://[::1]:8391");
  HttpConfig secure;
  secure.tls_certificate_file = "certificate.pem";
  CHECK(issuer(secure, "localhost") == "https://localhost:8391");
  CHECK(*issuer_url(secure, {"localhost", 0}, 443) == "https://localhost");
  HttpConfig local;
  local.public_url = "http://localhost:9000";
  CHECK(issuer(local, "127.0.0.1") == "http://localhost:9000");
  local.public_url = "http://[::1]:9000";
  CHECK(issuer(local, "127.0.0.1") == "http://[::1]:9000");
}

TEST_CASE("an authorization server that would take keys in the clear, or is not found, is none") {
  const auto refusal = [](const HttpConfig& config, const std::string& host) {
    const auto url = issuer_url(config, {host, 0}, 8391);
    return url ? "" : url.error().message + " " + url.error().next_step;
  };
  CHECK(refusal({}, "0.0.0.0").find("--public-url") != std::string::npos);
  CHECK(refusal({}, "192.168.1.2").find("--public-url") != std::string::npos);
  HttpConfig plain;
  plain.public_url = "http://mcp.example.org";
  CHECK(refusal(plain, "127.0.0.1").find("needs https") != std::string::npos);
  plain.public_url = "http://127.0.0.1.example.org";
  CHECK_FALSE(refusal(plain, "127.0.0.1").empty());
  HttpConfig below;
  below.public_url = "https://example.org/motion";
  CHECK(refusal(below, "127.0.0.1").find("with a path") != std::string::npos);
  HttpConfig shared;
  shared.shared_key = true;
  CHECK(refusal(shared, "127.0.0.1").find("--shared-key") != std::string::npos);
}
