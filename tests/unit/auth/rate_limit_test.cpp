#include "auth/rate_limit.h"

#include <doctest/doctest.h>

#include <string>

#include "fakes/manual_clock.h"

using namespace motion_mcp;
using namespace std::chrono_literals;

TEST_CASE("an address has its number in a window, and again in the next") {
  fakes::ManualClock clock;
  auth::RateLimit limit(2, 60s, clock);
  CHECK(limit.take("192.0.2.1"));
  CHECK(limit.take("192.0.2.1"));
  CHECK_FALSE(limit.take("192.0.2.1"));
  CHECK(limit.take("192.0.2.2"));
  clock.advance(59'999ms);
  CHECK_FALSE(limit.take("192.0.2.1"));
  clock.advance(1ms);
  CHECK(limit.take("192.0.2.1"));
}

TEST_CASE("the addresses of one IPv6 network count as one") {
  fakes::ManualClock clock;
  auth::RateLimit limit(1, 60s, clock);
  CHECK(limit.take("2001:db8:0:1::1"));
  CHECK_FALSE(limit.take("2001:db8:0:1:ffff::2"));
  CHECK(limit.take("2001:db8:0:2::1"));
}

TEST_CASE("IPv4 addresses are told apart, and each is one however it is written") {
  fakes::ManualClock clock;
  auth::RateLimit limit(1, 60s, clock);
  CHECK(limit.take("::ffff:192.0.2.1"));
  CHECK(limit.take("::ffff:192.0.2.2"));
  CHECK_FALSE(limit.take("192.0.2.1"));
  CHECK(limit.take("::1"));
}

TEST_CASE("more addresses than are remembered share an allowance until the window ends") {
  fakes::ManualClock clock;
  auth::RateLimit limit(1, 60s, clock);
  for (std::size_t i = 0; i < auth::RateLimit::kMaxAddresses; ++i) {
    REQUIRE(limit.take("a" + std::to_string(i)));
  }
  CHECK(limit.take("stranger 1"));
  CHECK_FALSE(limit.take("stranger 2"));
  CHECK_FALSE(limit.take("a0"));
  clock.advance(60s);
  CHECK(limit.take("stranger 2"));
  CHECK(limit.take("stranger 3"));
}
