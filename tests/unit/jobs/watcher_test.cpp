// Tries to make the watcher read a job more often than its schedule allows, go on when nobody
// listens, mix up two owners, tell somebody who has left, or hang at its end.
#include "jobs/watcher.h"

#include <atomic>
#include <filesystem>
#include <thread>

#include "base/owner.h"
#include "fakes/manual_clock.h"
#include "unit/jobs/watch_bench.h"

using namespace motion_mcp;
using test::answer;
using test::Heard;
using test::WatchBench;
using namespace std::chrono_literals;

TEST_CASE("fifty listeners cost one read per interval, and all hear of each") {
  WatchBench bench;
  auto gate = bench.service.holds(answer(test::job("running")));
  std::vector<Heard> heard(50);
  std::vector<jobs::Watcher::Joined> joined;
  for (Heard& one : heard) joined.push_back(bench.join(one));
  gate.request_stop();
  std::size_t reads = 1;
  for (const auto pause : {2s, 3s, 5s, 5s, 8s, 12s, 15s, 20s, 20s}) {
    for (Heard& one : heard) REQUIRE(one.await_count(reads));
    bench.to_next_read(pause);
    REQUIRE(bench.service.await_count(++reads));
  }
  for (Heard& one : heard) REQUIRE(one.await_count(reads));
  CHECK(bench.service.count() == reads);
  CHECK(heard[0].looks().back() == heard[49].looks().back());
}

TEST_CASE("a final look is told to all and ends the reading") {
  WatchBench bench;
  auto gate = bench.service.holds(answer(test::job("running")));
  Heard first;
  Heard second;
  const auto one = bench.join(first);
  const auto two = bench.join(second);
  gate.request_stop();
  REQUIRE(first.await_count(1));
  bench.service.says(answer(test::ready_job()));
  bench.to_next_read(2s);
  REQUIRE(first.await_count(2));
  REQUIRE(second.await_count(2));
  CHECK((*first.looks().back())->stage == motion::Stage::ready);
  CHECK(first.looks().back() == second.looks().back());
  // What is next is to forget the job.
  REQUIRE(bench.clock.await_sleepers(62s));
  CHECK(bench.service.count() == 2);
}

TEST_CASE("a job counts as watched once while anybody waits for it") {
  WatchBench bench;
  const auto gate = bench.service.holds(answer(test::job("running")));
  Heard first;
  Heard second;
  CHECK(bench.watcher->watched() == 0);
  auto one = bench.join(first);
  auto two = bench.join(second);
  CHECK(bench.watcher->watched() == 1);
  one = {};
  CHECK(bench.watcher->watched() == 1);
  two = {};
  CHECK(bench.watcher->watched() == 0);
}

TEST_CASE("a read that fails is told and the next comes in its time") {
  WatchBench bench;
  bench.service.says(Error{ErrorKind::unreachable, "connection refused"});
  Heard heard;
  const auto joined = bench.join(heard);
  REQUIRE(heard.await_count(1));
  CHECK(heard.looks()[0]->error().kind == ErrorKind::unreachable);
  bench.service.says(answer({{"error", "boom"}}, 500));
  bench.to_next_read(2s);
  REQUIRE(heard.await_count(2));
  bench.service.says(answer(test::job("running")));
  bench.to_next_read(3s);
  REQUIRE(heard.await_count(3));
  CHECK(heard.looks()[2]->has_value());
  CHECK(bench.service.count() == 3);
}

TEST_CASE("a Retry-After holds the next read back, for late joiners too") {
  WatchBench bench;
  bench.service.says(answer({{"error", "slow down"}}, 429, {{"Retry-After", "37"}}));
  Heard early;
  auto joined = bench.join(early);
  REQUIRE(early.await_count(1));
  REQUIRE(bench.clock.await_sleepers(37s));
  joined = {};
  Heard late;
  const auto again = bench.join(late);
  CHECK((*again.before).error().kind == ErrorKind::rate_limited);
  bench.to_next_read(37s);
  REQUIRE(late.await_count(1));
  CHECK(bench.service.count() == 2);
}

TEST_CASE("a refusal is final") {
  for (const int status : {401, 404}) {
    WatchBench bench;
    bench.service.says(answer({{"error", "no"}}, status));
    Heard heard;
    const auto joined = bench.join(heard);
    REQUIRE(heard.await_count(1));
    REQUIRE(bench.clock.await_sleepers(62s));
    CHECK(bench.service.count() == 1);
  }
}

TEST_CASE("the last to leave ends the reading, and who comes soon after makes it no denser") {
  WatchBench bench;
  auto gate = bench.service.holds(answer(test::job("running")));
  Heard first;
  Heard second;
  auto one = bench.join(first);
  auto two = bench.join(second);
  gate.request_stop();
  REQUIRE(first.await_count(1));
  one = {};
  bench.to_next_read(2s);
  REQUIRE(second.await_count(2));
  CHECK(first.looks().size() == 1);
  REQUIRE(bench.clock.await_sleepers(3s));
  two = {};
  REQUIRE(bench.clock.await_sleepers(63s));

  bench.clock.advance(1s);
  Heard late;
  const auto three = bench.join(late);
  CHECK((*three.before)->stage == motion::Stage::waiting);
  bench.to_next_read(2s);
  REQUIRE(late.await_count(1));
  CHECK(bench.service.count() == 3);
  CHECK(bench.clock.await_sleepers(5s));
}

TEST_CASE("a job that nobody asks for is forgotten after a while") {
  WatchBench bench;
  Heard first;
  auto joined = bench.join(first);
  REQUIRE(first.await_count(1));
  joined = {};
  bench.to_next_read(62s);
  Heard second;
  // Forgetting happens in another thread; until then a joiner finds the old look.
  for (auto tries = 0; tries < 10'000; ++tries) {
    joined = bench.join(second);
    if (!joined.before) break;
    joined = {};
    std::this_thread::yield();
  }
  CHECK(!joined.before);
}

TEST_CASE("an end that was seen before is looked at anew, for it may be over") {
  WatchBench bench;
  bench.service.says(answer(test::job("failed")));
  {
    Heard heard;
    const auto joined = bench.join(heard);
    REQUIRE(heard.await_count(1));
  }
  bench.service.says(answer(test::job("running")));
  Heard heard;
  const auto joined = bench.join(heard);
  CHECK(!joined.before);
  bench.to_next_read(2s);
  REQUIRE(heard.await_count(1));
  CHECK((*heard.looks()[0])->job.status == "running");
}

TEST_CASE("who keeps a subscription beyond the end takes nobody else's watch away") {
  WatchBench bench;
  bench.service.says(answer(test::ready_job()));
  Heard first;
  auto kept = bench.join(first);
  REQUIRE(first.await_count(1));
  bench.to_next_read(62s);  // forgotten
  bench.service.says(answer(test::job("running")));
  Heard second;
  const auto joined = bench.join(second);
  REQUIRE(second.await_count(1));
  kept = {};
  bench.to_next_read(2s);
  REQUIRE(second.await_count(2));
  bench.to_next_read(3s);
  REQUIRE(second.await_count(3));
  bench.clock.advance(1h);
  REQUIRE(second.await_count(4));
}

TEST_CASE("owners share nothing, even for the same job") {
  WatchBench bench;
  bench.service.says([](const net::HttpRequest& request, const auto&) {
    const bool is_owner =
        *net::find_header(request.headers, "Authorization") == "Bearer " + std::string(test::kKey);
    return is_owner ? answer(test::ready_job()) : answer({{"error", "Job not found"}}, 404);
  });
  Heard owner;
  Heard stranger;
  const auto one = bench.join(owner);
  REQUIRE(owner.await_count(1));
  const auto two = bench.join(stranger, test::kOtherKey);
  CHECK(!two.before);
  REQUIRE(stranger.await_count(1));
  CHECK(owner.looks()[0]->has_value());
  CHECK(stranger.looks()[0]->error().kind == ErrorKind::not_found);
}

TEST_CASE("the same id in capitals is the same job") {
  WatchBench bench;
  Heard first;
  Heard second;
  const auto one = bench.join(first, test::kKey, "405d47cf-f72b-4852-b570-0de2446dbba1");
  REQUIRE(first.await_count(1));
  const auto two = bench.join(second, test::kKey, "405D47CF-F72B-4852-B570-0DE2446DBBA1");
  CHECK(two.before);
  bench.to_next_read(2s);
  REQUIRE(second.await_count(1));
  CHECK(bench.service.count() == 2);
}

TEST_CASE(
    "after a followup neither what is remembered nor what was under way counts as the new video") {
  WatchBench bench;
  bench.service.says(answer(test::ready_job()));
  const auto baseline = motion::FollowupBaseline{"2026-04-28T23:05:00Z", "2026-04-28T23:06:00Z"};
  const std::string owner = base::owner_id(test::kKey);
  {
    Heard heard;
    const auto joined = bench.join(heard);
    REQUIRE(heard.await_count(1));
  }
  bench.baselines.remember(owner, test::kJobId, {baseline, bench.clock.wall(), true});
  auto gate = bench.service.holds(answer(test::ready_job()));
  Heard heard;
  const auto joined = bench.join(heard);
  CHECK((*joined.before)->stage == motion::Stage::previous_output);
  bench.to_next_read(2s);
  REQUIRE(bench.service.await_count(2));
  bench.baselines.remember(owner, test::kJobId, {baseline, bench.clock.wall() + 1s, true});
  gate.request_stop();
  REQUIRE(heard.await_count(1));
  CHECK(heard.looks()[0]->error().kind == ErrorKind::interrupted);
}

TEST_CASE("more jobs than allowed are refused, until one is left") {
  WatchBench bench(2);
  Heard heard;
  auto one = bench.join(heard);
  const auto two = bench.join(heard, test::kOtherKey);
  REQUIRE(heard.await_count(2));
  const auto refused = bench.watcher->join(test::kKey, test::kOtherJobId, heard.listener());
  REQUIRE(!refused);
  CHECK(refused.error().kind == ErrorKind::rate_limited);
  CHECK(refused.error().message == "this server watches as many jobs as it can");
  one = {};
  bench.join(heard, test::kKey, test::kOtherJobId);
}

TEST_CASE("a listener may leave and join while it listens") {
  WatchBench bench;
  Heard after;
  std::mutex mutex;
  jobs::Watcher::Joined self;
  jobs::Watcher::Joined other;
  {
    const std::lock_guard lock(mutex);
    auto joined = bench.watcher->join(test::kKey, test::kJobId, [&](const auto&) {
      const std::lock_guard inner(mutex);
      self = {};
      other = bench.join(after);
    });
    REQUIRE(joined);
    self = *std::move(joined);
  }
  bench.to_next_read(2s);
  REQUIRE(after.await_count(1));
  CHECK(bench.service.count() == 2);
}

TEST_CASE("the end waits for nothing: a read under way is ended, and nobody is told") {
  WatchBench bench;
  const auto gate = bench.service.holds(answer(test::ready_job()));
  Heard heard;
  auto joined = bench.join(heard);
  REQUIRE(bench.service.await_count(1));
  joined = {};
  bench.watcher.reset();
  CHECK(heard.looks().empty());
}

TEST_CASE("no thread is made before somebody joins") {
  const auto threads = [] {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task")) {
      static_cast<void>(entry);
      ++count;
    }
    return count;
  };
  const auto before = threads();
  const WatchBench bench;
  CHECK(threads() <= before);
}

TEST_CASE("two thousand listeners to two hundred jobs, who come and go, are all served") {
  // Time moves with whoever sleeps, so the reads follow each other without a pause.
  fakes::ManualClock clock;
  test::Service service;
  service.says(answer(test::job("running")));
  const motion::Client client(service, clock, {});
  jobs::FollowupBaselines baselines;
  jobs::Watcher watcher(client, baselines, clock, {});

  std::atomic<int> told{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      std::vector<jobs::Watcher::Joined> joined;
      for (int i = 0; i < 500; ++i) {
        const std::string key = "motion_key_" + std::to_string((i + t) % 200);
        auto one = watcher.join(key, test::kJobId, [&](const auto&) { ++told; });
        if (one && i % 5 != 0) joined.push_back(*std::move(one));
      }
      const auto begun = base::system_clock().now();
      const int enough = told + 500;
      while (told < enough && base::system_clock().now() < begun + test::kPatience) {
        std::this_thread::yield();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(told >= 500);
}

TEST_CASE(
    "looks in quick succession cost one read, later ones a read each, whatever the schedule") {
  WatchBench bench;
  const auto look = [&] { return bench.watcher->look(test::kKey, test::kJobId, {}); };
  REQUIRE(look());
  for (int i = 0; i < 19; ++i) {
    bench.clock.advance(100ms);
    CHECK(look()->job.status == "running");
  }
  CHECK(bench.service.count() == 1);
  bench.service.says(answer(test::ready_job()));
  bench.clock.advance(100ms);
  CHECK(look()->stage == motion::Stage::ready);
  CHECK(bench.service.count() == 2);
  // Far into the schedule, where waiting alone would read every 20 s.
  bench.service.says(answer(test::job("running")));
  for (std::size_t reads = 3; reads < 20; ++reads) {
    bench.clock.advance(5s);
    REQUIRE(look());
    CHECK(bench.service.count() == reads);
  }
}

TEST_CASE("many who look at once share one read") {
  WatchBench bench;
  auto gate = bench.service.holds(answer(test::job("running")));
  std::vector<std::future<jobs::Look>> looks;
  for (int i = 0; i < 8; ++i) {
    looks.push_back(std::async(std::launch::async,
                               [&] { return bench.watcher->look(test::kKey, test::kJobId, {}); }));
  }
  REQUIRE(bench.service.await_count(1));
  gate.request_stop();
  for (auto& look : looks) CHECK(look.get().has_value());
  CHECK(bench.service.count() == 1);
}

TEST_CASE("a look is told to those who wait, and does not end their schedule") {
  WatchBench bench;
  Heard heard;
  const auto joined = bench.join(heard);
  REQUIRE(heard.await_count(1));
  bench.to_next_read(2s);
  REQUIRE(heard.await_count(2));
  REQUIRE(bench.clock.await_sleepers(3s));
  bench.clock.advance(2500ms);
  REQUIRE(bench.watcher->look(test::kKey, test::kJobId, {}));
  REQUIRE(heard.await_count(3));
  CHECK(bench.service.count() == 3);
  bench.to_next_read(5s);
  REQUIRE(heard.await_count(4));
}

TEST_CASE("a look keeps to a Retry-After, and says why it knows nothing") {
  WatchBench bench;
  bench.service.says(answer({{"error", "slow down"}}, 429, {{"Retry-After", "37"}}));
  for (int i = 0; i < 5; ++i) {
    const auto look = bench.watcher->look(test::kKey, test::kJobId, {});
    REQUIRE_FALSE(look);
    CHECK(look.error().kind == ErrorKind::rate_limited);
    bench.clock.advance(7s);
  }
  CHECK(bench.service.count() == 1);
  bench.service.says(answer(test::job("running")));
  bench.clock.advance(2s);
  CHECK(bench.watcher->look(test::kKey, test::kJobId, {}));
}

TEST_CASE("owners share no look, and a followup sent meanwhile is not overlooked") {
  WatchBench bench;
  bench.service.says(answer(test::ready_job()));
  CHECK(bench.watcher->look(test::kKey, test::kJobId, {})->stage == motion::Stage::ready);
  REQUIRE(bench.watcher->look(test::kOtherKey, test::kJobId, {}));
  CHECK(bench.service.count() == 2);
  bench.baselines.remember(
      base::owner_id(test::kKey), test::kJobId,
      {{"2026-04-28T23:05:00Z", "2026-04-28T23:06:00Z"}, bench.clock.wall(), true});
  CHECK(bench.watcher->look(test::kKey, test::kJobId, {})->stage == motion::Stage::previous_output);
  CHECK(bench.watcher->look(test::kOtherKey, test::kJobId, {})->stage == motion::Stage::ready);
  CHECK(bench.service.count() == 2);
}

TEST_CASE("a look ends when nobody wants it any more, and the read goes on for the next") {
  WatchBench bench;
  auto gate = bench.service.holds(answer(test::job("running")));
  std::stop_source stop;
  auto looking = std::async(std::launch::async, [&] {
    return bench.watcher->look(test::kKey, test::kJobId, stop.get_token());
  });
  REQUIRE(bench.service.await_count(1));
  stop.request_stop();
  const auto look = looking.get();
  REQUIRE_FALSE(look);
  CHECK(look.error().kind == ErrorKind::cancelled);
  gate.request_stop();
  CHECK(bench.watcher->look(test::kKey, test::kJobId, {}));
  CHECK(bench.service.count() == 1);
}

TEST_CASE("a look fails when as many jobs are watched as may be") {
  WatchBench bench(1);
  Heard heard;
  const auto joined = bench.join(heard);
  const auto look = bench.watcher->look(test::kKey, test::kOtherJobId, {});
  REQUIRE_FALSE(look);
  CHECK(look.error().kind == ErrorKind::rate_limited);
}
