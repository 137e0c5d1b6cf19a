// Tries to make a waiting get_video_status answer too late, too long, as an error, or without a
// word on what to do; and to make giving it up look as if the job were gone.
#include <algorithm>

#include "tools/tool_table.h"
#include "unit/jobs/watch_bench.h"

using namespace motion_mcp;
using test::answer;
using namespace std::chrono_literals;

namespace {

struct Outcome {
  mcp::ToolResult result;
  std::vector<mcp::Progress> progress;

  [[nodiscard]] Json structured() const { return result.structured_content.value_or(Json()); }
  [[nodiscard]] std::string text() const { return result.content[0]["text"]; }
};

struct ToolBench : test::WatchBench {
  jobs::Ledger ledger{{}, clock};
  jobs::SpendGuard guard{ledger, clock, {}};
  std::stop_source stop;
  tools::Approvals approvals{tools::Approvals::Ask::never, base::SealKeySource::of_this_process(),
                             clock};
  std::chrono::seconds max_wait = 50s;
  Json capabilities = Json::object();
  mcp::InputAnswers input;
  std::promise<void> told;  // the first progress

  std::future<Outcome> call(const Json& wait_seconds) {
    return std::async(std::launch::async, [this, wait_seconds] {
      const auto all = tools::all_tools();
      const auto tool = std::find_if(all.begin(), all.end(), [](const tools::Entry& entry) {
        return entry.name == "get_video_status";
      });
      const Json arguments = {{"job_id", test::kJobId}, {"wait_seconds", wait_seconds}};
      const mcp::Caller caller{test::kKey};
      Outcome outcome;
      const mcp::ToolCode code =
          tool->make({client, baselines, clock, guard, *watcher, approvals, max_wait});
      outcome.result = code.run({arguments, caller,
                                 [&](const auto& report) {
                                   outcome.progress.push_back(report);
                                   if (outcome.progress.size() == 1) told.set_value();
                                 },
                                 stop.get_token(), capabilities, input});
      return outcome;
    });
  }

  // A call that waits for four seconds, between whose end and the last read nothing happens.
  Outcome call_for_four_seconds(const Json& wait_seconds) {
    auto waiting = call(wait_seconds);
    to_next_read(2s);
    REQUIRE(clock.await_sleepers(3s));
    REQUIRE(clock.await_sleepers(2s));
    REQUIRE(told.get_future().wait_for(20s) == std::future_status::ready);
    clock.advance(2s);
    return waiting.get();
  }
};

}  // namespace

TEST_CASE("a job that ends while it is waited for answers at once, in one call") {
  ToolBench bench;
  auto waiting = bench.call(50);
  REQUIRE(bench.clock.await_sleepers(2s));
  bench.service.says(answer(test::ready_job()));
  bench.clock.advance(2s);
  const Outcome outcome = waiting.get();
  CHECK(outcome.structured()["ready"] == true);
  CHECK(!outcome.structured().contains("timed_out"));
  CHECK(!outcome.structured().contains("poll_after_seconds"));
}

TEST_CASE("a wait that ends before the job is an answer, not an error, and says how to go on") {
  ToolBench bench;
  const Outcome outcome = bench.call_for_four_seconds(4);
  CHECK(!outcome.result.is_error);
  CHECK(
      outcome.structured().dump() ==
      R"({"job_id":"405d47cf-f72b-4852-b570-0de2446dbba1","status":"running","ready":false,"message":"The video is being made.","next_step":"Call get_video_status with job_id=405d47cf-f72b-4852-b570-0de2446dbba1 and wait_seconds=50.","poll_after_seconds":3,"timed_out":true,"created_at":"2026-04-28T23:01:04Z","pending_user_input":false})");
  CHECK(outcome.text() ==
        "The video is being made.\n"
        "Job 405d47cf-f72b-4852-b570-0de2446dbba1: status running, not ready when the wait ended.\n"
        "Times: created 2026-04-28T23:01:04Z.\n"
        "Next: Call get_video_status with job_id=405d47cf-f72b-4852-b570-0de2446dbba1 and "
        "wait_seconds=50.");
}

TEST_CASE("what a waiting agent pays for each time is at most 400 bytes") {
  for (const char* status : {"queued", "created", "running"}) {
    ToolBench bench;
    Json body = test::job(status);
    body["created_at"] = "2026-04-28T23:01:04.198Z";
    body["updated_at"] = "2026-04-28T23:01:23.695Z";
    bench.service.says(answer(body));
    CHECK(bench.call_for_four_seconds(4).structured().dump().size() <= 400);
  }
}

TEST_CASE("a wait beyond the ceiling is cut to it, however long, and the answer says so") {
  for (const Json& wanted : {Json(5), Json(3600), Json(18446744073709551615U), Json(1e300)}) {
    ToolBench bench;
    bench.max_wait = 4s;
    const Outcome outcome = bench.call_for_four_seconds(wanted);
    CHECK(outcome.structured()["timed_out"] == true);
    CHECK(outcome.structured()["message"] ==
          "The video is being made. The wait was cut to 4 s, the longest that this server allows.");
    CHECK(outcome.structured()["next_step"] ==
          "Call get_video_status with job_id=405d47cf-f72b-4852-b570-0de2446dbba1 and "
          "wait_seconds=4.");
  }
}

TEST_CASE("progress says how long and what for, and rises") {
  ToolBench bench;
  auto gate = bench.service.holds(answer(test::job("running")));
  auto waiting = bench.call(6);
  REQUIRE(bench.clock.await_sleepers(5s));
  bench.clock.advance(5s);
  REQUIRE(bench.clock.await_sleepers(1s));
  gate.request_stop();
  REQUIRE(bench.clock.await_sleepers(2s));
  bench.clock.advance(1s);
  const Outcome outcome = waiting.get();
  REQUIRE(outcome.progress.size() == 1);
  CHECK(outcome.progress[0].progress == 5);
  CHECK(!outcome.progress[0].total);
  CHECK(outcome.progress[0].message == "The service has not answered yet. Waited 5 s.");

  ToolBench seen;
  const Outcome quick = seen.call_for_four_seconds(4);
  REQUIRE(quick.progress.size() == 1);
  CHECK(quick.progress[0].message.starts_with("The video is being made. Waited "));
}

TEST_CASE("giving up a wait says that the job goes on") {
  ToolBench bench;
  auto waiting = bench.call(50);
  REQUIRE(bench.clock.await_sleepers(2s));
  bench.stop.request_stop();
  const Outcome outcome = waiting.get();
  CHECK(outcome.result.is_error);
  CHECK(outcome.text() ==
        "get_video_status failed and nothing was spent: the wait was given up; the job itself goes "
        "on at the service. Job: 405d47cf-f72b-4852-b570-0de2446dbba1. Call get_video_status to go "
        "on waiting.");
}

TEST_CASE("a refusal ends a wait with the error of a single look") {
  for (const int wait_seconds : {0, 50}) {
    ToolBench bench;
    bench.service.says(answer({{"error", "Job not found"}}, 404));
    const Outcome outcome = bench.call(wait_seconds).get();
    CHECK(outcome.result.is_error);
    CHECK(outcome.result.meta["motion-mcp/error"]["kind"] == "not_found");
    CHECK(bench.service.count() == 1);
  }
}

TEST_CASE("without wait_seconds a call is one look") {
  ToolBench bench;
  CHECK(bench.call(0).get().structured()["status"] == "running");
  CHECK(bench.service.count() == 1);
}
