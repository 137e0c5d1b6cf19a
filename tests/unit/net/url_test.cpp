// A URL decides where a key goes: tries to hide another host, a port or a password in one.
#include "net/url.h"

#include <doctest/doctest.h>

#include <string>

using namespace motion_mcp;
using net::parse_url;

TEST_CASE("a URL is taken apart as written") {
  const auto url = parse_url("https://API.motion.so/api/motion/jobs/1?a=b%20c&d=+,#fragment");
  REQUIRE(url);
  CHECK(url->https);
  CHECK(url->host == "api.motion.so");
  CHECK(url->port == 443);
  CHECK(url->target == "/api/motion/jobs/1?a=b%20c&d=+,");
  CHECK(url->host_header() == "api.motion.so");
  CHECK(url->host_and_port() == "api.motion.so:443");
}

TEST_CASE("ports and IPv6 addresses are understood") {
  const auto v6 = parse_url("http://[::1]:8080");
  REQUIRE(v6);
  CHECK(v6->host == "::1");
  CHECK(v6->port == 8080);
  CHECK(v6->target == "/");
  CHECK(v6->host_header() == "[::1]:8080");
  CHECK(parse_url("http://[::1]")->host_header() == "[::1]");
  CHECK(parse_url("HTTPS://h:8443?q")->target == "/?q");
  CHECK(parse_url("https://h:443/")->host_header() == "h");
}

TEST_CASE("what could be read in two ways is refused") {
  for (const char* text : {"",
                           "api.motion.so",
                           "ftp://h/",
                           "https://",
                           "https:///x",
                           "https://h:0/",
                           "https://h:65536/",
                           "https://h:1x/",
                           "https://u@h/",
                           "https://u:p@h/",
                           "https://h\\@evil/",
                           "https://h /",
                           "https://h/a b",
                           "https://h/\r\nX: 1",
                           "https://h/\xC3\xA9",
                           "https://[::1/",
                           "https://[1.2.3.4]/",
                           "https://::1/",
                           "https://[::1]x/",
                           "https://h%2e/"}) {
    const auto url = parse_url(text);
    CAPTURE(text);
    REQUIRE_FALSE(url);
    CHECK(url.error().kind == ErrorKind::unreachable);
  }
}

TEST_CASE("a refusal repeats neither passwords nor signatures") {
  CHECK(parse_url("https://u:hunter2@h/").error().message.find("hunter2") == std::string::npos);
  CHECK(parse_url("ftp://h/?X-Goog-Signature=abc").error().message.find("abc") ==
        std::string::npos);
  CHECK(parse_url("ftp://" + std::string(5000, 'h')).error().message.size() < 300);
}

TEST_CASE("only this machine is loopback") {
  for (const char* host : {"localhost", "127.0.0.1", "127.9.9.9", "::1"}) {
    CHECK_MESSAGE(net::is_loopback_host(host), host);
  }
  for (const char* host : {"localhost.example.com", "127.0.0.1.example.com", "128.0.0.1", "0.0.0.0",
                           "::", "::2", "2130706433", "127.1", "10.0.0.1", ""}) {
    CHECK_MESSAGE(!net::is_loopback_host(host), host);
  }
}
