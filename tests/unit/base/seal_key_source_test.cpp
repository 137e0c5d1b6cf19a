// Tries to have keys read twice, too early, or by halves.
#include "base/seal_key_source.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

using namespace motion_mcp::base;

TEST_CASE("keys are read at the first use and once, however many threads want them") {
  std::atomic<int> loads = 0;
  const SealKeySource source([&] {
    ++loads;
    return new_seal_keys();
  });
  CHECK(loads == 0);
  std::vector<std::string> tokens(8);
  std::vector<std::thread> threads;
  for (std::string& token : tokens) {
    threads.emplace_back([&] { token = seal(source.keys(), SealPurpose::task, "a", "text"); });
  }
  for (auto& thread : threads) thread.join();
  CHECK(loads == 1);
  for (const std::string& token : tokens) {
    CHECK(open_sealed(source.keys(), SealPurpose::task, "a", token).has_value());
  }
}

TEST_CASE("a process's own keys are nobody else's") {
  const auto one = SealKeySource::of_this_process();
  const auto other = SealKeySource::of_this_process();
  const std::string token = seal(one->keys(), SealPurpose::task, "a", "text");
  CHECK(open_sealed(one->keys(), SealPurpose::task, "a", token).has_value());
  CHECK_FALSE(open_sealed(other->keys(), SealPurpose::task, "a", token).has_value());
}
