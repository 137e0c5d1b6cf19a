// Tries to order twice through the tools, to have what is ours sent upstream, and to lose a
// followup by a restart or a ledger that fails.
#include <optional>

#include "base/owner.h"
#include "fakes/scratch_folder.h"
#include "unit/tools/bench.h"

using namespace motion_mcp;
using namespace std::chrono_literals;
using test::Bench;
using test::text_of;

namespace {

Json facts(const mcp::ToolResult& result) {
  return result.meta["motion-mcp/error"];
}

const Json kBrief = {{"prompt", "A film."}, {"aspect_ratio", "16:9"}};

}  // namespace

TEST_CASE("the same arguments are answered with the first job, and the answer says so") {
  Bench bench;
  bench.reply_started();
  CHECK(!bench.call("create_video", kBrief).is_error);
  bench.clock.advance(2min);
  const auto again = bench.call("create_video", {{"aspect_ratio", "16:9"}, {"prompt", "A film."}});
  CHECK(!again.is_error);
  CHECK((*again.structured_content)["job_id"] == test::kJobId);
  CHECK(text_of(again) ==
        "The same arguments were sent 2 minutes ago and started this job, so nothing was sent now "
        "and nothing was spent. allow_duplicate=true would order another.\n"
        "Job 405d47cf-f72b-4852-b570-0de2446dbba1: status queued, not ready.\n"
        "Next: Call get_video_status with job_id=405d47cf-f72b-4852-b570-0de2446dbba1 and "
        "wait_seconds=50.");
  CHECK(bench.count("POST") == 1);
}

TEST_CASE("an order whose caller left while it was sent is not lost") {
  Bench bench;
  bench.http.reply_with([&](const auto&, const std::stop_token& abort) {
    bench.stop.request_stop();
    CHECK_FALSE(abort.stop_requested());
    return Result<net::HttpResponse>(
        net::HttpResponse{202, {}, test::vendor_text("create-response")});
  });
  CHECK(!bench.call("create_video", kBrief).is_error);
  bench.stop = {};
  CHECK(text_of(bench.call("create_video", kBrief)).find("started this job") != std::string::npos);
  CHECK(bench.count("POST") == 1);

  bench.http.reply(200, test::vendor_text("status-completed"));
  bench.http.reply_with([&](const auto&, const std::stop_token& abort) {
    bench.stop.request_stop();
    CHECK_FALSE(abort.stop_requested());
    return Result<net::HttpResponse>(
        net::HttpResponse{202, {}, test::vendor_text("create-response")});
  });
  CHECK(!bench.followup().is_error);
  bench.stop = {};
  CHECK(text_of(bench.followup()).find("started this job") != std::string::npos);
  CHECK(bench.count("POST") == 2);
}

TEST_CASE("allow_duplicate orders another and is not sent upstream") {
  Bench bench;
  bench.reply_started();
  bench.reply_started();
  CHECK(!bench.call("create_video", kBrief).is_error);
  Json wanted = kBrief;
  wanted["allow_duplicate"] = true;
  CHECK(text_of(bench.call("create_video", wanted)).find("The video is ordered") == 0);
  REQUIRE(bench.count("POST") == 2);
  CHECK(Json::parse(bench.http.sent()[1].body) == kBrief);
}

TEST_CASE("allow_duplicate that is false guards like one that is left out") {
  Bench bench;
  bench.reply_started();
  CHECK(!bench.call("create_video", kBrief).is_error);
  Json guarded = kBrief;
  guarded["allow_duplicate"] = false;
  CHECK(!bench.call("create_video", guarded).is_error);
  CHECK(bench.count("POST") == 1);
}

TEST_CASE("the same arguments with another key are another order") {
  Bench bench;
  bench.reply_started();
  bench.reply_started();
  CHECK(!bench.call("create_video", kBrief).is_error);
  bench.caller.credential = "motion_other";
  CHECK(!bench.call("create_video", kBrief).is_error);
  CHECK(bench.count("POST") == 2);
}

TEST_CASE("without a key nothing is written down, so that the first call with one is sent") {
  Bench bench;
  bench.caller.credential = "";
  CHECK(facts(bench.call("create_video", kBrief))["kind"] == "no_credential");
  CHECK(!*bench.ledger.find_prior(base::owner_id(""), "", 10min));
}

TEST_CASE("a create whose answer was lost is not sent again, and one that was refused is") {
  Bench bench;
  bench.http.reply(402, test::vendor_text("error-402"));
  CHECK(facts(bench.call("create_video", kBrief))["kind"] == "insufficient_credits");
  bench.http.fail(ErrorKind::interrupted, "the connection was cut");
  CHECK(facts(bench.call("create_video", kBrief))["kind"] == "outcome_unknown");
  const auto again = bench.call("create_video", kBrief);
  CHECK(facts(again)["kind"] == "outcome_unknown");
  CHECK(text_of(again) ==
        "create_video failed and credits may have been spent: nothing was sent now, because the "
        "same arguments were sent 1 second ago and whether the service took them is not known. "
        "Look at https://motion.so whether the video was started; only if it was not, call again "
        "with allow_duplicate=true (without it, in 10 minutes).");
  CHECK(bench.count("POST") == 2);
}

TEST_CASE("a job that was seen to fail may be ordered again") {
  Bench bench;
  bench.reply_started();
  CHECK(!bench.call("create_video", kBrief).is_error);
  Json failed = test::vendor_json("status-running");
  failed["status"] = "failed";
  bench.reply(failed);
  CHECK(!bench.get_status().is_error);
  bench.reply_started();
  CHECK(!bench.call("create_video", kBrief).is_error);
  CHECK(bench.count("POST") == 2);
}

TEST_CASE("the same followup again is answered while the first is at work, without a read") {
  Bench bench;
  bench.http.reply(200, test::vendor_text("status-completed"));
  bench.reply_started();
  CHECK(!bench.followup().is_error);
  const auto again = bench.followup();
  CHECK(!again.is_error);
  CHECK(text_of(again).find("The same arguments were sent") == 0);
  CHECK(bench.http.sent().size() == 2);
}

TEST_CASE("after a restart the previous video is still not the new one") {
  const fakes::ScratchFolder folder;
  Bench before;
  jobs::Ledger shared({folder / "ledger.db", true}, before.clock);
  jobs::SpendGuard guard(shared, before.clock, {});
  const auto call = [&](Bench& bench, jobs::FollowupBaselines& baselines, std::string_view tool,
                        const Json& arguments) {
    return bench.run(
        tool,
        {bench.client, baselines, bench.clock, guard, bench.watcher, bench.unasked, bench.max_wait},
        arguments);
  };
  before.http.reply(200, test::vendor_text("status-completed"));
  before.reply_started();
  jobs::FollowupBaselines first(&shared);
  CHECK(!call(before, first, "followup_video", {{"job_id", test::kJobId}, {"prompt", "Faster."}})
             .is_error);

  Bench after;
  jobs::FollowupBaselines second(&shared);
  after.http.reply(200, test::vendor_text("status-completed"));
  const auto status = call(after, second, "get_video_status", {{"job_id", test::kJobId}});
  CHECK((*status.structured_content)["ready"] == false);
}

TEST_CASE("when the ledger fails a create says so, and statuses and followups go on") {
  const fakes::ScratchFolder folder;
  Bench bench;
  jobs::Ledger broken({folder.write("file", "") + "/ledger.db", true}, bench.clock);
  jobs::FollowupBaselines baselines(&broken);
  jobs::SpendGuard guard(broken, bench.clock, {});
  const auto call = [&](std::string_view tool, const Json& arguments) {
    return bench.run(
        tool,
        {bench.client, baselines, bench.clock, guard, bench.watcher, bench.unasked, bench.max_wait},
        arguments);
  };
  bench.reply_started();
  const auto created = call("create_video", kBrief);
  CHECK(!created.is_error);
  CHECK(text_of(created).find("the history on the server's disk cannot be written now") !=
        std::string::npos);
  CHECK(text_of(created).find(folder.path()) == std::string::npos);
  CHECK(text_of(call("create_video", kBrief)).find("The same arguments") == 0);

  bench.http.reply(200, test::vendor_text("status-completed"));
  bench.reply_started();
  CHECK(!call("followup_video", {{"job_id", test::kJobId}, {"prompt", "Faster."}}).is_error);
  bench.http.reply(200, test::vendor_text("status-completed"));
  const auto status = call("get_video_status", {{"job_id", test::kJobId}});
  CHECK(!status.is_error);
  CHECK((*status.structured_content)["ready"] == false);
}
