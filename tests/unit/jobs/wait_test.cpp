// Tries to make a wait end too early or too late, fail for a hiccup of the service, hide a refusal,
// or hold its caller after he has given up.
#include "jobs/wait.h"

#include "unit/jobs/watch_bench.h"

using namespace motion_mcp;
using motion::Stage;
using test::answer;
using test::WatchBench;
using namespace std::chrono_literals;

namespace {

// Waits until the wait itself sleeps for `after` and moves the time there.
void pass(WatchBench& bench, std::chrono::milliseconds after, std::size_t sleepers = 1) {
  REQUIRE(bench.clock.await_sleepers(after, sleepers));
  bench.clock.advance(after);
}

}  // namespace

TEST_CASE("a job that is settled ends the wait at once, with the stage it has") {
  struct Row {
    Json job;
    Stage stage;
  };
  Json asking = test::job("awaiting_user_input");
  asking["pending_user_input"] = true;
  Json unrendered = test::ready_job();
  unrendered["output"] = {{"status", "failed"}, {"error", "encoder crashed"}};
  for (const Row& row :
       {Row{test::ready_job(), Stage::ready}, Row{test::job("failed"), Stage::failed},
        Row{asking, Stage::awaiting_user_input}, Row{unrendered, Stage::output_failed}}) {
    WatchBench bench;
    bench.service.says(answer(row.job));
    const auto end = bench.wait().get();
    REQUIRE(end);
    CHECK(end->view.stage == row.stage);
    CHECK(!end->timed_out);
    CHECK(bench.service.count() == 1);
  }
}

TEST_CASE(
    "a job that goes on is waited for to the end of the wait, whatever its status is called") {
  for (const char* status : {"running", "stopping", "cancelled"}) {
    WatchBench bench;
    bench.service.says(answer(test::job(status)));
    auto wait = bench.wait(4s);
    pass(bench, 2s);
    REQUIRE(bench.clock.await_sleepers(3s));  // until the third read, so the second has ended
    pass(bench, 2s);
    const auto end = wait.get();
    REQUIRE(end);
    CHECK(end->timed_out);
    CHECK(end->view.job.status == status);
    CHECK(bench.clock.now() == fakes::SteppedClock::kStart + 4s);
  }
}

TEST_CASE("the read that sees the end ends every wait") {
  WatchBench bench;
  std::vector<WatchBench::Wait> waits;
  for (int i = 0; i < 50; ++i) waits.push_back(bench.wait());
  REQUIRE(bench.clock.await_sleepers(5s, 50));
  REQUIRE(bench.clock.await_sleepers(2s));
  CHECK(bench.service.count() == 1);
  bench.service.says(answer(test::ready_job()));
  bench.clock.advance(2s);
  for (auto& wait : waits) {
    const auto end = wait.get();
    REQUIRE(end);
    CHECK(end->view.stage == Stage::ready);
  }
  CHECK(bench.service.count() == 2);
}

TEST_CASE("hiccups of the service do not show") {
  WatchBench bench;
  bench.service.says(Error{ErrorKind::interrupted, "cut"});
  auto wait = bench.wait();
  REQUIRE(bench.clock.await_sleepers(2s));
  bench.service.says(answer({{"error", "boom"}}, 503));
  bench.to_next_read(2s);
  REQUIRE(bench.service.await_count(2));
  REQUIRE(bench.clock.await_sleepers(3s, 2));  // the next read, and the first heartbeat
  bench.service.says(answer(test::ready_job()));
  bench.clock.advance(3s);
  const auto end = wait.get();
  REQUIRE(end);
  CHECK(end->view.stage == Stage::ready);
}

TEST_CASE("a wait that saw the job once tells what it saw, though all later reads failed") {
  WatchBench bench;
  auto wait = bench.wait(4s);
  REQUIRE(bench.clock.await_sleepers(2s));
  bench.service.says(Error{ErrorKind::unreachable, "refused"});
  pass(bench, 2s);
  REQUIRE(bench.clock.await_sleepers(3s));
  pass(bench, 2s);
  const auto end = wait.get();
  REQUIRE(end);
  CHECK(end->timed_out);
  CHECK(end->view.job.status == "running");
}

TEST_CASE("a wait without a read that succeeded tells the last failure") {
  WatchBench bench;
  bench.service.says(Error{ErrorKind::interrupted, "cut"});
  auto wait = bench.wait(4s);
  REQUIRE(bench.clock.await_sleepers(2s));
  bench.service.says(Error{ErrorKind::unreachable, "refused"});
  pass(bench, 2s);
  REQUIRE(bench.clock.await_sleepers(3s));
  pass(bench, 2s);
  const auto end = wait.get();
  REQUIRE(!end);
  CHECK(end.error().kind == ErrorKind::unreachable);
}

TEST_CASE("a wait that no read ended in says so") {
  WatchBench bench;
  auto gate = bench.service.holds(answer(test::job("running")));
  auto wait = bench.wait(4s);
  REQUIRE(bench.service.await_count(1));
  pass(bench, 4s);
  const auto end = wait.get();
  REQUIRE(!end);
  CHECK(end.error().kind == ErrorKind::interrupted);
  CHECK(end.error().message == "the service had not answered yet when the wait ended");
  gate.request_stop();
}

TEST_CASE("a refusal ends the wait at once") {
  WatchBench bench;
  auto wait = bench.wait();
  REQUIRE(bench.clock.await_sleepers(2s));
  bench.service.says(answer({{"error", "Job not found"}}, 404));
  bench.clock.advance(2s);
  const auto end = wait.get();
  REQUIRE(!end);
  CHECK(end.error().kind == ErrorKind::not_found);
}

TEST_CASE("a key that is none is refused without a request") {
  WatchBench bench;
  const auto end = bench.wait(50s, "").get();
  REQUIRE(!end);
  CHECK(end.error().kind == ErrorKind::no_credential);
  CHECK(bench.service.count() == 0);
}

TEST_CASE("who gives up is let go at once, also while a read hangs, and the others wait on") {
  WatchBench bench;
  auto gate = bench.service.holds(answer(test::ready_job()));
  auto leaver = bench.wait();
  auto stayer = bench.wait();
  REQUIRE(bench.service.await_count(1));
  REQUIRE(bench.clock.await_sleepers(5s, 2));
  leaver.stop.request_stop();
  const auto left = leaver.get();
  REQUIRE(!left);
  CHECK(left.error().kind == ErrorKind::cancelled);
  CHECK(left.error().message == "the wait was given up; the job itself goes on at the service");
  gate.request_stop();
  const auto end = stayer.get();
  REQUIRE(end);
  CHECK(end->view.stage == Stage::ready);
}

TEST_CASE("a short wait between two reads tells what was seen before it") {
  WatchBench bench;
  auto first = bench.wait(1s);
  REQUIRE(bench.clock.await_sleepers(2s));
  pass(bench, 1s);
  REQUIRE(first.get());
  auto second = bench.wait(0s);
  const auto end = second.get();
  REQUIRE(end);
  CHECK(end->timed_out);
  CHECK(end->view.job.status == "running");
  CHECK(bench.service.count() == 1);
}

TEST_CASE("the heart beats with the first look and then every five seconds") {
  WatchBench bench;
  auto wait = bench.wait(12s);
  REQUIRE(wait.beats->await_count(1));
  pass(bench, 2s);
  REQUIRE(bench.clock.await_sleepers(3s, 2));  // the next read and the next beat
  bench.clock.advance(3s);
  REQUIRE(bench.clock.await_sleepers(5s, 2));
  bench.clock.advance(5s);
  REQUIRE(bench.clock.await_sleepers(5s));
  pass(bench, 2s);
  REQUIRE(wait.get());
  std::vector<std::chrono::milliseconds> beats;
  for (const auto& beat : wait.beats->all()) {
    CHECK(beat.has_view);
    beats.push_back(beat.waited);
  }
  CHECK(beats == std::vector<std::chrono::milliseconds>{0s, 5s, 10s});
}

TEST_CASE("the heart beats though the service is silent") {
  WatchBench bench;
  auto gate = bench.service.holds(answer(test::job("running")));
  auto wait = bench.wait(7s);
  pass(bench, 5s);
  pass(bench, 2s);
  REQUIRE(!wait.get());
  const auto beats = wait.beats->all();
  REQUIRE(beats.size() == 1);
  CHECK(beats.front().waited == 5s);
  CHECK(!beats.front().has_view);
  gate.request_stop();
}
