// The system's resolver may hang: tries to have that reach the caller.
#include "net/resolver.h"

#include <doctest/doctest.h>

#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace motion_mcp;
using namespace std::chrono_literals;
using net::LimitedResolver;
using net::resolve;
using Outcome = net::Resolved::Outcome;

namespace {

base::SteadyTime in(std::chrono::milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

}  // namespace

TEST_CASE("an address needs no lookup, and so no time") {
  for (const char* address : {"127.0.0.1", "::1", "2001:db8::1"}) {
    const auto resolved = resolve(address, in(-1h), {});
    REQUIRE(resolved.outcome == Outcome::found);
    CHECK(resolved.addresses == std::vector<std::string>{address});
  }
}

TEST_CASE("this machine's own name is found") {
  const auto resolved = resolve("localhost", in(30s), {});
  REQUIRE(resolved.outcome == Outcome::found);
  CHECK_FALSE(resolved.addresses.empty());
}

TEST_CASE("what cannot be a name is not found, with the system's reason") {
  const auto resolved = resolve("a..b", in(30s), {});
  CHECK(resolved.outcome == Outcome::failed);
  CHECK_FALSE(resolved.reason.empty());
}

TEST_CASE("neither the deadline nor a caller who leaves waits for the lookup") {
  for (int round = 0; round < 50; ++round) {
    const auto late = resolve("localhost", in(-1s), {}).outcome;
    CHECK((late == Outcome::timed_out || late == Outcome::found));
    std::stop_source stop;
    stop.request_stop();
    const auto left = resolve("localhost", in(1h), stop.get_token()).outcome;
    CHECK((left == Outcome::cancelled || left == Outcome::found));
  }
}

TEST_CASE("look-ups that were left to themselves count until they end") {
  const auto may_end = std::make_shared<std::latch>(1);
  const LimitedResolver resolver(2, [may_end](const std::string&) {
    may_end->wait();
    return net::Resolved{Outcome::found, {"192.0.2.1"}, {}};
  });
  std::stop_source stop;
  stop.request_stop();
  CHECK(resolver("a.example", in(-1s), {}).outcome == Outcome::timed_out);
  CHECK(resolver("b.example", in(1h), stop.get_token()).outcome == Outcome::cancelled);
  const LimitedResolver copy = resolver;
  CHECK(copy("c.example", in(1h), {}).outcome == Outcome::busy);
  CHECK(copy("192.0.2.7", in(1h), {}).outcome == Outcome::found);  // nothing to look up
  may_end->count_down();
  while (copy("c.example", in(1h), {}).outcome == Outcome::busy) std::this_thread::yield();
}

TEST_CASE("one look-up after the other is never too many") {
  const LimitedResolver resolver(1, [](const std::string&) {
    return net::Resolved{Outcome::failed, {}, "unknown"};
  });
  for (int round = 0; round < 100; ++round) {
    CHECK(resolver("a.example", in(1h), {}).outcome == Outcome::failed);
  }
}
