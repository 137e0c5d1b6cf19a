// Tries to mix up owners or jobs, to grow without bound, and to lose what was used last.
#include "jobs/followup_baselines.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace motion_mcp;
using jobs::Followup;
using jobs::FollowupBaselines;

namespace {

Followup followup(const char* completed_at) {
  return {{completed_at, std::nullopt}, {}, true};
}

std::string completed_at(const std::optional<Followup>& found) {
  return found ? found->baseline.completed_at.value_or("") : "none";
}

}  // namespace

TEST_CASE("the last followup of an owner's job is found, in either case of its id") {
  FollowupBaselines baselines;
  CHECK(completed_at(baselines.last("a", "job")) == "none");
  baselines.remember("a", "JOB", followup("1"));
  CHECK(completed_at(baselines.last("a", "job")) == "1");
  baselines.remember("a", "job", followup("2"));
  CHECK(completed_at(baselines.last("a", "Job")) == "2");
  CHECK(completed_at(baselines.last("b", "job")) == "none");
  CHECK(completed_at(baselines.last("a", "job2")) == "none");
}

TEST_CASE("when full, the one used longest ago goes") {
  FollowupBaselines baselines(nullptr, 2);
  baselines.remember("a", "1", followup("1"));
  baselines.remember("a", "2", followup("2"));
  CHECK(completed_at(baselines.last("a", "1")) == "1");
  baselines.remember("a", "3", followup("3"));
  CHECK(completed_at(baselines.last("a", "2")) == "none");
  CHECK(completed_at(baselines.last("a", "1")) == "1");
  CHECK(completed_at(baselines.last("a", "3")) == "3");
}

TEST_CASE("replacing one does not push out another") {
  FollowupBaselines baselines(nullptr, 2);
  baselines.remember("a", "1", followup("1"));
  baselines.remember("a", "2", followup("2"));
  baselines.remember("a", "2", followup("2b"));
  CHECK(completed_at(baselines.last("a", "1")) == "1");
  CHECK(completed_at(baselines.last("a", "2")) == "2b");
}

TEST_CASE("many threads share one memory") {
  FollowupBaselines baselines(nullptr, 8);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&baselines, t] {
      for (int i = 0; i < 500; ++i) {
        const std::string job = std::to_string((i + t) % 16);
        baselines.remember("a", job, followup("x"));
        const auto found = baselines.last("a", job);
        if (found && found->baseline.completed_at != "x") std::abort();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  baselines.remember("a", "last", followup("y"));
  CHECK(completed_at(baselines.last("a", "last")) == "y");
}

TEST_CASE("what is learned from elsewhere counts unless something as late is known") {
  const auto at = [](int second, const char* completed_at) {
    return Followup{{completed_at, std::nullopt}, base::WallTime(std::chrono::seconds(second))};
  };
  FollowupBaselines baselines;
  baselines.learn("a", "job", at(5, "learned"));
  CHECK(completed_at(baselines.last("a", "JOB")) == "learned");
  CHECK(completed_at(baselines.last("b", "job")) == "none");
  baselines.remember("a", "job", at(9, "own"));
  baselines.learn("a", "job", at(5, "learned"));
  baselines.learn("a", "job", at(9, "learned"));
  CHECK(completed_at(baselines.last("a", "job")) == "own");
  baselines.learn("a", "job", at(10, "later"));
  CHECK(completed_at(baselines.last("a", "job")) == "later");
}
