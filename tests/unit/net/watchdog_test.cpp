// The watchdog may fire while what it watches ends: tries to have it act too early, not at all, or
// on something that is gone.
#include "net/watchdog.h"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <list>

using namespace motion_mcp;
using namespace std::chrono_literals;
using net::Watchdog;

namespace {

const auto kNever = base::SteadyTime::max();

// Fails the test by its deadline when the watchdog does not act.
void wait_for(const std::atomic<int>& count, int at_least) {
  while (count < at_least) std::this_thread::yield();
}

}  // namespace

TEST_CASE("a deadline that has passed fires, and again until the watch ends") {
  Watchdog watchdog;
  std::atomic<int> fired = 0;
  const auto watch = watchdog.watch(std::chrono::steady_clock::now(), [&] { ++fired; });
  wait_for(fired, 3);
}

TEST_CASE("expire fires at once, and only that watch") {
  Watchdog watchdog;
  std::atomic<int> one = 0;
  std::atomic<int> other = 0;
  auto watch = watchdog.watch(kNever, [&] { ++one; });
  const auto bystander = watchdog.watch(kNever, [&] { ++other; });
  watch.expire();
  wait_for(one, 1);
  CHECK(other == 0);
}

TEST_CASE("an earlier deadline overtakes a later one") {
  Watchdog watchdog;
  std::atomic<int> fired = 0;
  const auto later = watchdog.watch(kNever, [] {});
  const auto sooner = watchdog.watch(std::chrono::steady_clock::now() + 1ms, [&] { ++fired; });
  wait_for(fired, 1);
}

TEST_CASE("after a watch has ended its action does not run any more") {
  Watchdog watchdog;
  for (int round = 0; round < 2000; ++round) {
    auto alive = std::make_unique<std::atomic<bool>>(true);
    const auto soon = std::chrono::steady_clock::now() + std::chrono::microseconds(round % 50);
    {
      const auto watch = watchdog.watch(soon, [&alive] { *alive = false; });
    }
    alive.reset();
  }
}

TEST_CASE("a watchdog that was never used, or still has late entries, ends at once") {
  { const Watchdog unused; }
  Watchdog watchdog;
  {
    const auto watch = watchdog.watch(kNever, [] {});
  }
}
