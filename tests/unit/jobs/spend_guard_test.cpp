// Tries to pay twice: twice in a row, twice at once, from two processes, after a lost answer, after
// a process died, with a ledger that fails half-way. And to be refused what was never paid.
#include "jobs/spend_guard.h"

#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "fakes/manual_clock.h"
#include "fakes/scratch_folder.h"

using namespace motion_mcp;
using namespace std::chrono_literals;
using fakes::ScratchFolder;
using jobs::Ledger;
using jobs::PaidOrder;
using jobs::Placed;
using jobs::SpendGuard;

namespace {

constexpr const char* kJob = "405d47cf-f72b-4852-b570-0de2446dbba1";
constexpr auto kDeadline = 20s;

Result<motion::Started> taken() {
  return motion::Started{kJob, "queued", "/sessions/1"};
}
Result<motion::Started> refused() {
  return Error{ErrorKind::insufficient_credits, "no credits"};
}
Result<motion::Started> lost() {
  return Error{ErrorKind::outcome_unknown, "the answer was lost", "", Spent::unknown};
}

// What other processes do while this one sleeps.
struct ClockWithEvents final : base::Clock {
  [[nodiscard]] base::SteadyTime now() const override { return manual.now(); }
  [[nodiscard]] base::WallTime wall() const override { return manual.wall(); }
  bool sleep_until(base::SteadyTime when, const std::stop_token& stop) const override {
    at_sleep(++sleeps);
    return manual.sleep_until(when, stop);
  }

  fakes::ManualClock manual;
  std::function<void(int)> at_sleep;
  mutable int sleeps = 0;
};

// A process of its own: a guard over a ledger that others may share.
struct Process {
  const base::Clock& clock;
  Ledger ledger;
  SpendGuard guard;
  std::atomic<int> sent = 0;
  std::stop_source stop;

  explicit Process(const base::Clock& the_clock, Ledger::Options file = {},
                   SpendGuard::Options options = {})
      : clock(the_clock), ledger(std::move(file), the_clock), guard(ledger, the_clock, options) {}

  PaidOrder order(std::function<Result<motion::Started>()> send = taken,
                  std::string digest = "digest") {
    PaidOrder paid;
    paid.order = {"owner", "create_video", std::move(digest), "A film.", "", std::nullopt};
    paid.send = [this, send = std::move(send)] {
      ++sent;
      return send();
    };
    return paid;
  }
  PaidOrder followup(std::function<Result<motion::Started>()> send = taken) {
    PaidOrder paid = order(std::move(send), "followup digest");
    paid.order.tool = "followup_video";
    paid.order.job_id = kJob;
    paid.prepare = [](jobs::NewOrder& order) -> Result<void> {
      order.baseline = motion::FollowupBaseline{"t1", std::nullopt};
      return {};
    };
    return paid;
  }
  Result<Placed> place(const PaidOrder& paid) { return guard.place(paid, stop.get_token()); }
};

void check_first_job(const Result<Placed>& placed) {
  REQUIRE(placed);
  CHECK(placed->started.job_id == kJob);
  CHECK(placed->ordered_before);
}

}  // namespace

TEST_CASE("the same order again is answered with the first job, until the window ends") {
  fakes::ManualClock clock;
  Process process(clock);
  const auto first = process.place(process.order());
  REQUIRE(first);
  CHECK_FALSE(first->ordered_before);
  CHECK(first->started.status_url == "/sessions/1");
  CHECK(first->is_in_ledger);

  clock.advance(90s);
  const auto second = process.place(process.order());
  check_first_job(second);
  CHECK(second->ordered_before == 90s);
  CHECK(second->started.status == "queued");
  CHECK(process.sent == 1);

  clock.advance(10min);
  CHECK(process.place(process.order()));
  CHECK(process.sent == 2);
}

TEST_CASE("a wanted duplicate is sent, and a window of 0 guards nothing") {
  fakes::ManualClock clock;
  Process process(clock);
  CHECK(process.place(process.order()));
  PaidOrder wanted = process.order();
  wanted.allow_duplicate = true;
  CHECK_FALSE(process.place(wanted)->ordered_before);
  CHECK(process.sent == 2);

  Process unguarded(clock, {}, {0s, {}});
  CHECK_FALSE(unguarded.place(unguarded.order())->ordered_before);
  CHECK_FALSE(unguarded.place(unguarded.order())->ordered_before);
  CHECK(unguarded.sent == 2);
}

TEST_CASE("what was refused may be repeated at once") {
  fakes::ManualClock clock;
  Process process(clock);
  const auto first = process.place(process.order(refused));
  REQUIRE_FALSE(first);
  CHECK(first.error().kind == ErrorKind::insufficient_credits);
  CHECK(process.place(process.order()));
  CHECK(process.sent == 2);
}

TEST_CASE("what may have been taken is not sent again, and the answer says where to look") {
  fakes::ManualClock clock;
  Process process(clock);
  CHECK_FALSE(process.place(process.order(lost)));
  clock.advance(2min);
  const auto second = process.place(process.order());
  REQUIRE_FALSE(second);
  CHECK(process.sent == 1);
  CHECK(second.error().kind == ErrorKind::outcome_unknown);
  CHECK(second.error().spent == Spent::unknown);
  CHECK(second.error().message ==
        "nothing was sent now, because the same arguments were sent 2 minutes ago and whether the "
        "service took them is not known");
  CHECK(second.error().next_step ==
        "Look at https://motion.so whether the video was started; only if it was not, call again "
        "with allow_duplicate=true (without it, in 8 minutes).");

  PaidOrder wanted = process.order();
  wanted.allow_duplicate = true;
  CHECK(process.place(wanted));
}

TEST_CASE("a followup that may have been taken points to its job") {
  fakes::ManualClock clock;
  Process process(clock);
  CHECK_FALSE(process.place(process.followup(lost)));
  const auto second = process.place(process.followup());
  REQUIRE_FALSE(second);
  CHECK(second.error().next_step.find("get_video_status with job_id=" + std::string(kJob)) !=
        std::string::npos);
}

TEST_CASE("the same followup again is answered before its job is read") {
  fakes::ManualClock clock;
  Process process(clock);
  CHECK(process.place(process.followup()));
  PaidOrder again = process.followup();
  again.prepare = [](jobs::NewOrder&) -> Result<void> {
    return Error{ErrorKind::conflict, "the job is running"};
  };
  check_first_job(process.place(again));
}

TEST_CASE("an order whose job cannot be read is not sent and not written down") {
  fakes::ManualClock clock;
  Process process(clock);
  PaidOrder unreadable = process.followup();
  unreadable.prepare = [](jobs::NewOrder&) -> Result<void> {
    return Error{ErrorKind::conflict, "the job is running"};
  };
  CHECK(process.place(unreadable).error().kind == ErrorKind::conflict);
  CHECK(process.sent == 0);
  CHECK_FALSE(*process.ledger.last_followup("owner", kJob));
  CHECK(process.place(process.followup()));
}

TEST_CASE("the order is written down before it is sent, with what the job showed") {
  fakes::ManualClock clock;
  Process process(clock);
  std::optional<jobs::Followup> written;
  CHECK(process.place(process.followup([&] {
    written = *process.ledger.last_followup("owner", kJob);
    return taken();
  })));
  REQUIRE(written);
  CHECK(written->baseline.completed_at == "t1");
  CHECK_FALSE(written->accepted);
  CHECK((*process.ledger.last_followup("owner", kJob))->accepted);
}

TEST_CASE("of many threads with the same order one sends, and all have its job") {
  const base::Clock& clock = base::system_clock();
  Process process(clock);
  std::vector<std::future<Result<Placed>>> calls;
  for (int i = 0; i < 8; ++i) {
    calls.push_back(std::async(std::launch::async, [&] {
      return process.place(process.order([] {
        std::this_thread::yield();
        return taken();
      }));
    }));
  }
  int answered_with_the_first = 0;
  for (auto& call : calls) {
    REQUIRE(call.wait_for(kDeadline) == std::future_status::ready);
    const auto placed = call.get();
    REQUIRE(placed);
    CHECK(placed->started.job_id == kJob);
    answered_with_the_first += placed->ordered_before ? 1 : 0;
  }
  CHECK(process.sent == 1);
  CHECK(answered_with_the_first == 7);
}

TEST_CASE("an approval is good for one order, from whichever process") {
  const ScratchFolder folder;
  fakes::ManualClock clock;
  Process here(clock, {folder / "ledger.db", true});
  Process there(clock, {folder / "ledger.db", true});
  const base::WallTime asked_at = clock.wall();
  const auto approved = [&](PaidOrder paid) {
    paid.allow_duplicate = true;
    paid.approve = [asked_at] { return asked_at; };
    return paid;
  };
  clock.advance(3s);
  CHECK_FALSE(here.place(approved(here.order(refused))));
  CHECK(there.place(approved(there.order())));
  const auto again = here.place(approved(here.order()));
  CHECK(again.error().kind == ErrorKind::needs_approval);
  CHECK(again.error().spent == Spent::no);
  CHECK(here.sent == 1);
  CHECK(there.sent == 1);
  CHECK(here.place(approved(here.order(taken, "another order"))));
}

TEST_CASE("who waits for an order that is refused then sends its own") {
  Process process(base::system_clock());
  std::promise<void> first_is_sending;
  std::promise<void> let_go;
  auto first = std::async(std::launch::async, [&] {
    return process.place(process.order([&] {
      first_is_sending.set_value();
      let_go.get_future().wait();
      return refused();
    }));
  });
  first_is_sending.get_future().wait();
  auto second = std::async(std::launch::async, [&] { return process.place(process.order()); });
  let_go.set_value();
  CHECK_FALSE(first.get());
  REQUIRE(second.wait_for(kDeadline) == std::future_status::ready);
  CHECK_FALSE(second.get()->ordered_before);
  CHECK(process.sent == 2);
}

TEST_CASE("a stop ends the wait for somebody else's order, and nothing is sent") {
  Process process(base::system_clock());
  std::promise<void> first_is_sending;
  std::promise<void> let_go;
  auto first = std::async(std::launch::async, [&] {
    return process.place(process.order([&] {
      first_is_sending.set_value();
      let_go.get_future().wait();
      return taken();
    }));
  });
  first_is_sending.get_future().wait();
  process.stop.request_stop();
  const auto second = process.place(process.order());
  CHECK(second.error().kind == ErrorKind::cancelled);
  CHECK(second.error().spent == Spent::no);
  CHECK(process.sent == 1);
  let_go.set_value();
  CHECK(first.get());
}

TEST_CASE("two orders that differ do not wait for each other") {
  Process process(base::system_clock());
  std::promise<void> other_is_done;
  auto first = std::async(std::launch::async, [&] {
    return process.place(process.order([&] {
      other_is_done.get_future().wait();
      return taken();
    }));
  });
  CHECK(process.place(process.order(taken, "other")));
  other_is_done.set_value();
  CHECK(first.get());
}

TEST_CASE("another process that sends the same order is waited for") {
  const ScratchFolder folder;
  const Ledger::Options file{folder / "ledger.db", true};
  ClockWithEvents clock;
  Process a(clock, file);
  Process b(clock, file);
  const auto sent_by_a = a.ledger.admit(a.order().order, {});
  REQUIRE(sent_by_a);
  clock.at_sleep = [&](int sleep) {
    if (sleep != 2) return;
    CHECK(a.ledger.close(std::get<jobs::OrderId>(*sent_by_a), jobs::OrderState::started, kJob,
                         "queued"));
  };
  const auto placed = b.place(b.order());
  check_first_job(placed);
  CHECK(clock.sleeps == 2);
  CHECK(b.sent == 0);
}

TEST_CASE("another process that sends the same followup while its job is read is waited for too") {
  const ScratchFolder folder;
  const Ledger::Options file{folder / "ledger.db", true};
  ClockWithEvents clock;
  Process a(clock, file);
  Process b(clock, file);
  Result<jobs::Admission> sent_by_a = Error{};
  PaidOrder paid = b.followup();
  paid.prepare = [&](jobs::NewOrder& order) -> Result<void> {
    sent_by_a = a.ledger.admit(a.followup().order, {});
    order.baseline = motion::FollowupBaseline{"t1", std::nullopt};
    return {};
  };
  clock.at_sleep = [&](int) {
    CHECK(a.ledger.close(std::get<jobs::OrderId>(*sent_by_a), jobs::OrderState::refused));
  };
  const auto placed = b.place(paid);
  REQUIRE(placed);
  CHECK_FALSE(placed->ordered_before);
  CHECK(clock.sleeps == 1);
  CHECK(b.sent == 1);
}

TEST_CASE("the order of a process that died while it was sent is not sent again") {
  const ScratchFolder folder;
  const Ledger::Options file{folder / "ledger.db", true};
  fakes::ManualClock clock;
  {
    Process dead(clock, file);
    const PaidOrder paid = dead.order();
    REQUIRE(dead.ledger.admit(paid.order, {}));  // and no close
  }
  Process next(clock, file);
  const auto early = next.place(next.order());
  REQUIRE_FALSE(early);
  CHECK(early.error().kind == ErrorKind::outcome_unknown);
  CHECK(early.error().message.find("no answer to that yet") != std::string::npos);
  CHECK(clock.sleeps().size() == 200);

  clock.advance(40s);
  const auto late = next.place(next.order());
  REQUIRE_FALSE(late);
  CHECK(late.error().kind == ErrorKind::outcome_unknown);
  CHECK(late.error().next_step.find("allow_duplicate") != std::string::npos);
  CHECK(clock.sleeps().size() == 200);
  CHECK(next.sent == 0);

  clock.advance(9min);
  CHECK(next.place(next.order()));
}

TEST_CASE("a followup that was being sent when the process died is still doubted after a restart") {
  const ScratchFolder folder;
  const Ledger::Options file{folder / "ledger.db", true};
  fakes::ManualClock clock;
  {
    Process dead(clock, file);
    PaidOrder paid = dead.followup();
    REQUIRE(paid.prepare(paid.order));
    REQUIRE(dead.ledger.admit(paid.order, {}));
  }
  Process next(clock, file);
  const auto found = next.ledger.last_followup("owner", kJob);
  REQUIRE(found);
  REQUIRE(*found);
  CHECK_FALSE((*found)->accepted);
  CHECK((*found)->baseline.completed_at == "t1");
}

TEST_CASE("at a ceiling nothing is sent, and the answer says when a place frees") {
  fakes::ManualClock clock;
  Process process(clock, {}, {600s, {1, 0, 0}});
  CHECK(process.place(process.order()));
  clock.advance(46min);
  const auto second = process.place(process.order(taken, "other"));
  REQUIRE_FALSE(second);
  CHECK(process.sent == 1);
  CHECK(second.error().kind == ErrorKind::rate_limited);
  CHECK(second.error().spent == Spent::no);
  CHECK(second.error().retry_after == 14 * 60s);
  CHECK(second.error().message ==
        "this server allows 1 job per hour (--max-jobs-per-hour), and as many were ordered");
  CHECK(second.error().next_step ==
        "A place frees in 14 minutes; tell the user, who may have the ceiling raised.");
  PaidOrder wanted = process.order();
  wanted.allow_duplicate = true;
  CHECK_FALSE(process.place(wanted));
}

TEST_CASE("at the ceiling in flight the answer names a job to look at") {
  fakes::ManualClock clock;
  Process process(clock, {}, {600s, {0, 0, 1}});
  CHECK(process.place(process.order()));
  const auto second = process.place(process.order(taken, "other"));
  REQUIRE_FALSE(second);
  CHECK(second.error().next_step.find(kJob) != std::string::npos);
  check_first_job(process.place(process.order()));
}

TEST_CASE("without a ledger orders are sent, guarded within the process, and the answer says so") {
  const ScratchFolder folder;
  fakes::ManualClock clock;
  Process process(clock, {folder.write("file", "") + "/ledger.db", true}, {600s, {2, 0, 0}});
  const auto first = process.place(process.order());
  REQUIRE(first);
  CHECK_FALSE(first->is_in_ledger);
  check_first_job(process.place(process.order()));
  CHECK_FALSE(process.place(process.order(lost, "lost")));
  CHECK(process.place(process.order(taken, "lost")).error().kind == ErrorKind::outcome_unknown);
  CHECK(process.place(process.order(taken, "third")).error().kind == ErrorKind::rate_limited);
  CHECK(process.sent == 2);
}

TEST_CASE("a ledger that fails between POST and answer loses neither the job nor the guard") {
  const ScratchFolder folder;
  fakes::ManualClock clock;
  const std::string path = folder / "ledger.db";
  Process process(clock, {path, true});
  const auto first = process.place(process.order([&] {
    // Whatever keeps a statement from running will do: here the table is gone.
    auto database = base::Database::open(path);
    CHECK(database->run_script("ALTER TABLE orders RENAME TO away"));
    return taken();
  }));
  REQUIRE(first);
  CHECK(first->started.job_id == kJob);
  CHECK_FALSE(first->is_in_ledger);
  check_first_job(process.place(process.order()));

  auto database = base::Database::open(path);
  CHECK(database->run_script("ALTER TABLE away RENAME TO orders"));
  check_first_job(process.place(process.order()));
  CHECK(process.sent == 1);
  CHECK(*process.ledger.has_job("owner", kJob));
}

TEST_CASE("what was ordered without a ledger is written down there when it works again") {
  const ScratchFolder folder;
  fakes::ManualClock clock;
  Process process(clock, {folder.write("file", "") + "/ledger.db", true}, {600s, {2, 0, 0}});
  PaidOrder approved = process.order();
  approved.approve = [asked_at = clock.wall()] { return asked_at; };
  REQUIRE(process.place(approved));
  std::filesystem::remove(folder / "file");
  clock.advance(Ledger::kRetryAfter);

  approved.allow_duplicate = true;
  CHECK(process.place(approved).error().kind == ErrorKind::needs_approval);
  CHECK(*process.ledger.has_job("owner", kJob));
  const auto listed = process.ledger.list("owner", {});
  REQUIRE(listed);
  REQUIRE(listed->jobs.size() == 1);
  CHECK(listed->jobs.front().ordered_at == clock.wall() - Ledger::kRetryAfter);
  CHECK(process.place(process.order(taken, "second")));
  CHECK(process.place(process.order(taken, "third")).error().kind == ErrorKind::rate_limited);
  CHECK(process.sent == 2);
}

TEST_CASE("an order whose answer another process lost meanwhile is looked up, or free to repeat") {
  for (const bool is_looked_up : {true, false}) {
    const ScratchFolder folder;
    fakes::ManualClock clock;
    Process here(clock, {folder / "ledger.db", true});
    Process there(clock, {folder / "ledger.db", true});
    PaidOrder paid = here.order();
    paid.prepare = [&](jobs::NewOrder&) -> Result<void> {
      CHECK_FALSE(there.place(there.order(lost)));
      return {};
    };
    if (is_looked_up) {
      paid.reconcile = [](const std::string&, std::chrono::seconds) -> Result<jobs::Reconciled> {
        return jobs::Reconciled{*taken()};
      };
    } else {
      paid.repeats_are_free = true;
    }
    const auto placed = here.place(paid);
    REQUIRE(placed);
    CHECK(placed->ordered_before);
    CHECK(placed->started.job_id == (is_looked_up ? kJob : ""));
    CHECK(here.sent == 0);
  }
}
