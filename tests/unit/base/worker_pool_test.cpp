// Calls may block for a minute: the pool must start as many as are allowed, refuse what is beyond,
// and lose none that it took.
#include "base/worker_pool.h"

#include <doctest/doctest.h>

#include <atomic>
#include <latch>

using namespace motion_mcp::base;
using namespace std::chrono_literals;

TEST_CASE("jobs that block run side by side up to the limit, then queue, then are refused") {
  std::atomic<int> ran{0};
  std::latch gate(1);
  WorkerPool pool({4, 2});
  const auto job = [&] {
    gate.wait();
    ++ran;
  };
  for (int i = 0; i < 6; ++i) CHECK(pool.submit(job));
  CHECK_FALSE(pool.submit(job));
  CHECK_FALSE(pool.wait_idle(system_clock().now()));
  gate.count_down();
  CHECK(pool.wait_idle(system_clock().now() + 20s));
  CHECK(ran == 6);
  CHECK(pool.submit(job));
}

TEST_CASE("a pool at its end waits for what it took") {
  std::atomic<int> ran{0};
  {
    WorkerPool pool({2, 100});
    for (int i = 0; i < 100; ++i) CHECK(pool.submit([&] { ++ran; }));
  }
  CHECK(ran == 100);
}
