// Proxy settings are typed by hand into environments: tries every common way to write them, and to
// reach a host by the wrong way.
#include "net/proxy.h"

#include <doctest/doctest.h>

#include <string>

using namespace motion_mcp;
using net::NoProxy;
using net::parse_proxy;

TEST_CASE("a proxy is read with and without scheme, port and credentials") {
  const auto full = parse_proxy("http://me:p%40ss%3Aw@proxy.corp:3128/");
  REQUIRE(full);
  CHECK(full->host == "proxy.corp");
  CHECK(full->port == 3128);
  CHECK(full->user == "me");
  CHECK(full->password == "p@ss:w");
  CHECK(full->name() == "proxy.corp:3128");

  CHECK(parse_proxy("proxy.corp:3128")->port == 3128);
  CHECK(parse_proxy("HTTP://proxy.corp")->port == 80);
  CHECK(parse_proxy("http://[fd00::1]:3128")->name() == "[fd00::1]:3128");
  CHECK(parse_proxy("http://me:50%@proxy:1")->password == "50%");
  CHECK(parse_proxy("http://me:a@b@proxy:1")->password == "a@b");
}

TEST_CASE("a proxy that cannot be used is refused without repeating its password") {
  for (const char* text :
       {"socks5://me:hunter2@h:1080", "https://me:hunter2@h:443", "http://me:hunter2@",
        "http://me:hunter2@h:port", "http://me:hunter2@h/path", "me:hunter2@h h"}) {
    const auto proxy = parse_proxy(text);
    CAPTURE(text);
    REQUIRE_FALSE(proxy);
    CHECK(proxy.error().kind == ErrorKind::unreachable);
    CHECK(proxy.error().message.find("hunter2") == std::string::npos);
    CHECK(proxy.error().next_step.find("HTTPS_PROXY") != std::string::npos);
  }
}

TEST_CASE("NO_PROXY names hosts and everything below them") {
  const NoProxy list(" motion.so,.corp.example , *.lab.example:8443 trailing.example.");
  CHECK(list.matches("motion.so", 443));
  CHECK(list.matches("api.MOTION.so", 443));
  CHECK(list.matches("api.motion.so.", 443));
  CHECK(list.matches("corp.example", 443));
  CHECK(list.matches("a.b.corp.example", 80));
  CHECK(list.matches("x.lab.example", 8443));
  CHECK(list.matches("trailing.example", 443));
  CHECK_FALSE(list.matches("x.lab.example", 443));
  CHECK_FALSE(list.matches("emotion.so", 443));
  CHECK_FALSE(list.matches("motion.so.evil.example", 443));
}

TEST_CASE("NO_PROXY names addresses and ranges of them") {
  const NoProxy list("10.0.0.7,192.168.0.0/16,fd00::/8,[2001:db8::1]:8443,10.1.0.0/33,10.2.0.0/x");
  CHECK(list.matches("10.0.0.7", 443));
  CHECK_FALSE(list.matches("10.0.0.70", 443));
  CHECK_FALSE(list.matches("x.10.0.0.7", 443));
  CHECK(list.matches("192.168.200.1", 443));
  CHECK_FALSE(list.matches("192.169.0.1", 443));
  CHECK(list.matches("fdab::1", 443));
  CHECK_FALSE(list.matches("fe00::1", 443));
  CHECK(list.matches("2001:db8::1", 8443));
  CHECK_FALSE(list.matches("2001:db8::1", 443));
  CHECK_FALSE(list.matches("10.1.0.1", 443));
  CHECK_FALSE(list.matches("10.2.0.1", 443));
}

TEST_CASE("a star is every host, an empty list none") {
  CHECK(NoProxy("a.example,*").matches("b.example", 1));
  CHECK_FALSE(NoProxy("").matches("b.example", 1));
  CHECK_FALSE(NoProxy(", ,").matches("b.example", 1));
}

TEST_CASE("loopback and plain http never take a proxy") {
  const NoProxy none;
  CHECK(net::wants_proxy(*net::parse_url("https://api.motion.so/"), none));
  CHECK_FALSE(net::wants_proxy(*net::parse_url("https://localhost:8443/"), none));
  CHECK_FALSE(net::wants_proxy(*net::parse_url("https://[::1]/"), none));
  CHECK_FALSE(net::wants_proxy(*net::parse_url("http://127.0.0.1/"), none));
}
