// Tries to lose an order, to see another owner's, to wait for the dead, and to take the ledger's
// faults for the job's.
#include "jobs/ledger.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "fakes/manual_clock.h"
#include "fakes/scratch_folder.h"
#include "jobs/ledger_file.h"

using namespace motion_mcp;
using namespace std::chrono_literals;
using fakes::ScratchFolder;
using jobs::Admission;
using jobs::CeilingReached;
using jobs::Ledger;
using jobs::NewOrder;
using jobs::OrderId;
using jobs::OrderState;
using jobs::PriorOrder;

namespace {

constexpr const char* kJob = "405d47cf-f72b-4852-b570-0de2446dbba1";
constexpr auto kWindow = 10min;

NewOrder create(std::string digest = "d", std::string owner = "owner") {
  return {std::move(owner), "create_video", std::move(digest), "A film.", "", std::nullopt};
}

NewOrder followup(const char* completed_at) {
  return {"owner",      "followup_video",
          completed_at, "Faster.",
          kJob,         motion::FollowupBaseline{completed_at, std::nullopt}};
}

const Ledger::Rules kGuarded{kWindow, {}};
const Ledger::Rules kUnguarded{};

struct Bench {
  fakes::ManualClock clock;
  Ledger ledger{{}, clock};

  Admission admit(const NewOrder& order, const Ledger::Rules& rules = kGuarded) {
    auto admission = ledger.admit(order, rules);
    REQUIRE(admission);
    return *admission;
  }
  OrderId admitted(const NewOrder& order, const Ledger::Rules& rules = kGuarded) {
    const Admission admission = admit(order, rules);
    REQUIRE(std::holds_alternative<OrderId>(admission));
    return std::get<OrderId>(admission);
  }
  PriorOrder stopped_by(const NewOrder& order) {
    const Admission admission = admit(order);
    REQUIRE(std::holds_alternative<PriorOrder>(admission));
    return std::get<PriorOrder>(admission);
  }
  CeilingReached ceiling(const NewOrder& order, const jobs::Ceilings& ceilings) {
    const Admission admission = admit(order, {std::nullopt, ceilings});
    REQUIRE(std::holds_alternative<CeilingReached>(admission));
    return std::get<CeilingReached>(admission);
  }
  void started(OrderId order, const char* job_id = kJob) {
    REQUIRE(ledger.close(order, OrderState::started, job_id, "queued"));
  }
};

mode_t mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE_MESSAGE(::stat(path.c_str(), &status) == 0, path);
  return status.st_mode & 0777;
}

}  // namespace

TEST_CASE("an order that runs stands in the way of the same one, for the window") {
  Bench bench;
  bench.started(bench.admitted(create()));
  bench.clock.advance(kWindow - 1ms);
  const PriorOrder prior = bench.stopped_by(create());
  CHECK(prior.state == OrderState::started);
  CHECK(prior.job_id == kJob);
  CHECK(prior.status == "queued");
  bench.clock.advance(1ms);
  bench.admitted(create());
}

TEST_CASE("other arguments, another owner and a wanted duplicate pass") {
  Bench bench;
  bench.started(bench.admitted(create()));
  bench.admitted(create("other"));
  bench.admitted(create("d", "another"));
  bench.admitted(create(), kUnguarded);
}

TEST_CASE("an order that was refused stands in nobody's way") {
  Bench bench;
  REQUIRE(bench.ledger.close(bench.admitted(create()), OrderState::refused));
  bench.admitted(create());
}

TEST_CASE("an order whose job failed stands in nobody's way, one that is ready does") {
  Bench bench;
  bench.started(bench.admitted(create()));
  REQUIRE(bench.ledger.note_status("owner", kJob, "completed", Ledger::Outcome::ready));
  CHECK(bench.stopped_by(create()).status == "completed");
  REQUIRE(bench.ledger.note_status("owner", kJob, "failed", Ledger::Outcome::failed));
  bench.admitted(create());
}

TEST_CASE("an uncertain order stands in the way for the window") {
  Bench bench;
  REQUIRE(bench.ledger.close(bench.admitted(create()), OrderState::uncertain));
  CHECK(bench.stopped_by(create()).state == OrderState::uncertain);
  bench.clock.advance(kWindow);
  bench.admitted(create());
}

TEST_CASE("a starting order is being sent while its POST may run, and uncertain after that") {
  Bench bench;
  bench.admitted(create());
  CHECK(bench.stopped_by(create()).state == OrderState::starting);
  bench.clock.advance(jobs::kStartingFor - 1ms);
  CHECK(bench.stopped_by(create()).state == OrderState::starting);
  bench.clock.advance(1ms);
  CHECK(bench.stopped_by(create()).state == OrderState::uncertain);
  bench.clock.advance(kWindow);
  bench.admitted(create());
}

TEST_CASE("a starting order stands in the way even when the window is shorter than a POST") {
  Bench bench;
  bench.admitted(create());
  bench.clock.advance(30s);
  const auto prior = bench.ledger.find_prior("owner", "d", 5s);
  REQUIRE(prior);
  REQUIRE(*prior);
  CHECK((*prior)->state == OrderState::starting);
}

TEST_CASE("a clock that was set back finds the order still") {
  Bench bench;
  bench.started(bench.admitted(create()));
  bench.clock.set_wall(bench.clock.wall() - 1h);
  CHECK(bench.stopped_by(create()).job_id == kJob);
}

TEST_CASE("a ceiling over time is reached by what was not refused, and says when it frees") {
  Bench bench;
  const auto begun = bench.clock.wall();
  const jobs::Ceilings two_per_hour{2, 0, 0};
  bench.admitted(create("1"));
  bench.clock.advance(10min);
  REQUIRE(bench.ledger.close(bench.admitted(create("2")), OrderState::refused));
  REQUIRE(bench.ledger.close(bench.admitted(create("3")), OrderState::uncertain));
  bench.admitted(create("4", "another"));
  const CeilingReached reached = bench.ceiling(create("5"), two_per_hour);
  CHECK(reached.kind == CeilingReached::Kind::per_hour);
  CHECK(reached.ceiling == 2);
  CHECK(reached.frees_at == begun + 1h);
  bench.clock.advance(50min);
  bench.admitted(create("5"), {std::nullopt, two_per_hour});
  CHECK(bench.ceiling(create("6"), two_per_hour).frees_at == begun + 10min + 1h);
}

TEST_CASE("a ceiling over a day outlasts the hour") {
  Bench bench;
  const jobs::Ceilings one_per_day{0, 1, 0};
  bench.started(bench.admitted(create("1")));
  bench.clock.advance(23h);
  CHECK(bench.ceiling(create("2"), one_per_day).kind == CeilingReached::Kind::per_day);
  bench.clock.advance(1h);
  bench.admitted(create("2"), {std::nullopt, one_per_day});
}

TEST_CASE("a place in flight frees when the job is seen to end, or nobody looked for an hour") {
  Bench bench;
  const jobs::Ceilings one{0, 0, 1};
  bench.started(bench.admitted(create("1")));
  CHECK(bench.ceiling(create("2"), one).job_id == kJob);
  REQUIRE(bench.ledger.note_status("owner", kJob, "running", Ledger::Outcome::unfinished));
  bench.ceiling(create("2"), one);
  REQUIRE(bench.ledger.note_status("owner", kJob, "completed", Ledger::Outcome::ready));
  bench.admitted(create("2"), {std::nullopt, one});
  bench.ceiling(create("3"), one);
  bench.clock.advance(jobs::kStartingFor);
  bench.started(bench.admitted(create("3"), {std::nullopt, one}), "other-job");
  bench.clock.advance(jobs::kInFlightFor);
  bench.admitted(create("4"), {std::nullopt, one});
}

TEST_CASE("a job with followups is in flight once") {
  Bench bench;
  bench.started(bench.admitted(create()));
  bench.started(bench.admitted(followup("t1")));
  bench.admitted(create("2"), {std::nullopt, {0, 0, 2}});
  CHECK(bench.ceiling(create("3"), {0, 0, 2}).ceiling == 2);
}

TEST_CASE("a job that is ready after a followup is in flight no more, whatever was seen before") {
  Bench bench;
  const jobs::Ceilings one{0, 0, 1};
  bench.started(bench.admitted(create()));
  bench.started(bench.admitted(followup("t1")));
  REQUIRE(bench.ledger.note_status("owner", kJob, "completed", Ledger::Outcome::ready));
  bench.admitted(create("2"), {std::nullopt, one});
}

TEST_CASE("the job named at the ceiling in flight is the oldest") {
  Bench bench;
  bench.started(bench.admitted(create("1")), "00000000-0000-4000-8000-00000000000a");
  bench.started(bench.admitted(create("2")), "ffffffff-0000-4000-8000-00000000000b");
  CHECK(bench.ceiling(create("3"), {0, 0, 2}).job_id == "00000000-0000-4000-8000-00000000000a");
}

TEST_CASE("the last followup is found with what the job showed before, until it is refused") {
  Bench bench;
  const auto last = [&] {
    const auto found = bench.ledger.last_followup("owner", "405D47CF-F72B-4852-B570-0DE2446DBBA1");
    REQUIRE(found);
    return *found;
  };
  bench.started(bench.admitted(create()));
  CHECK_FALSE(last());
  const auto sent_at = bench.clock.wall();
  bench.started(bench.admitted(followup("t1")));
  REQUIRE(last());
  CHECK(last()->baseline.completed_at == "t1");
  CHECK_FALSE(last()->baseline.output_completed_at);
  CHECK(last()->sent_at == sent_at);
  CHECK(last()->accepted);

  const OrderId second = bench.admitted(followup("t2"));
  CHECK(last()->baseline.completed_at == "t2");
  CHECK_FALSE(last()->accepted);
  REQUIRE(bench.ledger.close(second, OrderState::refused));
  CHECK(last()->baseline.completed_at == "t1");

  const auto others = bench.ledger.last_followup("another", kJob);
  REQUIRE(others);
  CHECK_FALSE(*others);
}

TEST_CASE("a followup in doubt that was seen at work counts as started") {
  Bench bench;
  REQUIRE(bench.ledger.close(bench.admitted(followup("t1")), OrderState::uncertain));
  REQUIRE(bench.ledger.accept_followup("owner", kJob));
  CHECK((*bench.ledger.last_followup("owner", kJob))->accepted);
  CHECK(bench.stopped_by(followup("t1")).state == OrderState::started);
}

TEST_CASE("the status of a job that was never ordered here changes nothing") {
  Bench bench;
  CHECK(bench.ledger.note_status("owner", kJob, "running", Ledger::Outcome::unfinished));
  CHECK(bench.ledger.accept_followup("owner", kJob));
}

TEST_CASE("what was written outlives the ledger that wrote it") {
  const ScratchFolder folder;
  fakes::ManualClock clock;
  const Ledger::Options options{folder / "data/motion-mcp/ledger.db", true};
  {
    Ledger ledger(options, clock);
    REQUIRE(std::holds_alternative<OrderId>(*ledger.admit(create(), kGuarded)));
  }
  Ledger ledger(options, clock);
  CHECK(std::holds_alternative<PriorOrder>(*ledger.admit(create(), kGuarded)));
}

TEST_CASE("nothing is made before the first use, then a folder and files for the user alone") {
  const ScratchFolder folder;
  const std::string path = folder / "data/motion-mcp/ledger.db";
  fakes::ManualClock clock;
  Ledger ledger({path, true}, clock);
  CHECK(folder.entries() == 0);
  REQUIRE(ledger.admit(create(), kGuarded));
  CHECK(mode_of(folder / "data/motion-mcp") == 0700);
  for (const char* suffix : {"", "-wal", "-shm"}) CHECK(mode_of(path + suffix) == 0600);
}

TEST_CASE("a prompt is kept to its 200th character, or not at all") {
  const ScratchFolder folder;
  fakes::ManualClock clock;
  for (const bool keep_prompts : {true, false}) {
    const std::string path = folder / (keep_prompts ? "kept" : "dropped");
    NewOrder order = create();
    order.prompt = "canary " + std::string(10'000, 'x');
    REQUIRE(Ledger({path, keep_prompts}, clock).admit(order, kGuarded));
    auto database = jobs::open_ledger_file(path);
    REQUIRE(database);
    const auto rows = database->query("SELECT prompt, length(prompt) FROM orders");
    REQUIRE(rows);
    CHECK(rows->at(0).optional_text(0).has_value() == keep_prompts);
    if (keep_prompts) CHECK(rows->at(0).integer(1) == 201);  // and an ellipsis
    CHECK((fakes::read_whole(path + "-wal").find("canary") != std::string::npos) == keep_prompts);
  }
}

TEST_CASE("many threads and connections at once lose no order and admit a duplicate never") {
  const ScratchFolder folder;
  fakes::ManualClock clock;
  constexpr int kThreads = 8;
  constexpr int kOrders = 25;
  std::atomic<int> admitted = 0;
  std::atomic<int> failed = 0;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] {
        // The first use is the contested one: it makes the file.
        Ledger ledger({folder / "new/ledger.db", true}, clock);
        for (int i = 0; i < kOrders; ++i) {
          const auto own = ledger.admit(create(std::to_string(thread * kOrders + i)), kGuarded);
          if (!own || !std::holds_alternative<OrderId>(*own)) ++failed;
          const auto contested = ledger.admit(create("same" + std::to_string(i)), kGuarded);
          if (!contested) ++failed;
          if (contested && std::holds_alternative<OrderId>(*contested)) ++admitted;
        }
      });
    }
  }
  CHECK(failed == 0);
  CHECK(admitted == kOrders);
  auto database = jobs::open_ledger_file(folder / "new/ledger.db");
  REQUIRE(database);
  CHECK(database->query("SELECT count(*) FROM orders")->at(0).integer(0) ==
        kThreads * kOrders + kOrders);
}

TEST_CASE(
    "a job's prompt is the first that ordered it, its owner's alone, and nothing when none is "
    "kept") {
  Bench bench;
  NewOrder first = create("first");
  first.prompt = "A calm ocean";
  REQUIRE(bench.ledger.close(bench.admitted(first), OrderState::started, kJob, "queued"));
  REQUIRE(bench.ledger.close(bench.admitted(followup("t")), OrderState::started, kJob, "queued"));
  const auto prompt = bench.ledger.prompt_of("owner", "405D47CF-F72B-4852-B570-0DE2446DBBA1");
  REQUIRE(prompt);
  CHECK(*prompt == "A calm ocean");
  CHECK(bench.ledger.prompt_of("another", kJob)->empty());
  CHECK(bench.ledger.prompt_of("owner", "unknown")->empty());

  Ledger silent({Ledger::kInMemory, false}, bench.clock);
  const auto admitted = silent.admit(first, kUnguarded);
  REQUIRE(admitted);
  REQUIRE(silent.close(std::get<OrderId>(*admitted), OrderState::started, kJob, "queued"));
  CHECK(silent.prompt_of("owner", kJob)->empty());
}
