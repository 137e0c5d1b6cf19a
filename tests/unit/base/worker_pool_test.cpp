// Calls may block for a minute: the pool must start as many as are allowed, refuse what is beyond,
// and lose none that it took.
#include "base/worker_pool.h"

#include <doctest/doctest.h>

#include <atomic>
#include <latch>

using namespace motion_mcp::base;
using namespace std::chrono_literals;

namespace {

std::atomic<bool> has_threads{true};  // the machine

}  // namespace

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

TEST_CASE("a job is refused when no thread can be made for it, not queued behind one that blocks") {
  has_threads = true;
  std::latch gate(1);
  WorkerPool pool({4, 100}, [](void* (*run)(void*), void* argument) {
    return has_threads && WorkerPool::start_small_thread(run, argument);
  });
  std::latch running(1);
  CHECK(pool.submit([&] {
    running.count_down();
    gate.wait();
  }));
  running.wait();
  has_threads = false;
  CHECK_FALSE(pool.submit([] {}));
  gate.count_down();
  CHECK(pool.wait_idle(system_clock().now() + 20s));
  // The thread is still there for a while; what it has ended, another may begin.
  std::atomic<bool> ran{false};
  const auto deadline = system_clock().now() + 20s;
  while (!pool.submit([&] { ran = true; })) REQUIRE(system_clock().now() < deadline);
  CHECK(pool.wait_idle(deadline));
  CHECK(ran);
}

TEST_CASE("a pool at its end waits for what it took") {
  std::atomic<int> ran{0};
  {
    WorkerPool pool({2, 100});
    for (int i = 0; i < 100; ++i) CHECK(pool.submit([&] { ++ran; }));
  }
  CHECK(ran == 100);
}
