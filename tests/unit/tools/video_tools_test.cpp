// Tries to make the tools pay for nothing, pay twice, hand out the previous video as the new one,
// or wait for ever for one that nobody ordered.
#include "base/redact.h"
#include "unit/tools/bench.h"

using namespace motion_mcp;
using std::chrono::seconds;
using test::Bench;
using test::text_of;
using test::vendor_json;

namespace {

Json facts(const mcp::ToolResult& result) {
  return result.meta["motion-mcp/error"];
}
Json structured(const mcp::ToolResult& result) {
  return *result.structured_content;
}

Json job(const char* status) {
  Json body = vendor_json("status-running");
  body["status"] = status;
  return body;
}

Json revised() {
  Json body = vendor_json("status-completed");
  body["completed_at"] = "2026-04-28T23:20:00.000Z";
  body["output"]["completed_at"] = "2026-04-28T23:20:40.000Z";
  body["output"]["download_url"] = "https://storage.googleapis.com/new";
  return body;
}

}  // namespace

TEST_CASE("create_video sends the brief as given and nothing else") {
  for (const char* example :
       {"create-request", "create-request-attachment", "create-full-request"}) {
    CAPTURE(example);
    Bench bench;
    bench.reply_started();
    const auto result = bench.call("create_video", vendor_json(example));
    CHECK(!result.is_error);
    CHECK(structured(result)["job_id"] == test::kJobId);
    REQUIRE(bench.http.sent().size() == 1);
    CHECK(Json::parse(bench.http.sent()[0].body) == vendor_json(example));
  }
}

TEST_CASE("what the service cannot use is refused at once, and so before anything is sent") {
  Bench bench;
  for (const char* tool : {"create_video", "followup_video", "get_video_status"}) {
    CHECK(test::entry(tool).make(bench.services()).check);
  }
  const Json brief = {{"prompt", "A film."}, {"attachments", {{{"url", "file:///a.png"}}}}};
  Json revision = brief;
  revision["job_id"] = test::kJobId;
  for (const auto& result :
       {bench.call("create_video", brief), bench.call("followup_video", revision),
        bench.call("followup_video", {{"job_id", "my video"}, {"prompt", "Faster."}}),
        bench.call("get_video_status", {{"job_id", "../sessions"}})}) {
    CHECK(result.is_error);
    CHECK(facts(result)["kind"] == "invalid_argument");
    CHECK(facts(result)["spent"] == "no");
  }
  CHECK(bench.http.sent().empty());
}

TEST_CASE("a followup reads the job, then sends the revision once") {
  Bench bench;
  bench.http.reply(200, test::vendor_text("status-completed"));
  bench.reply_started();
  const auto result = bench.followup();
  CHECK(!result.is_error);
  CHECK(text_of(result) ==
        "The revision is ordered; until it is done, output may show the video from before it.\n"
        "Job 405d47cf-f72b-4852-b570-0de2446dbba1: status queued, not ready.\n"
        "Next: Call get_video_status with job_id=405d47cf-f72b-4852-b570-0de2446dbba1 and "
        "wait_seconds=50.");
  const auto sent = bench.http.sent();
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].method == "GET");
  CHECK(sent[1].method == "POST");
  CHECK(sent[1].url.ends_with("/sessions/" + std::string(test::kJobId) + "/followups"));
  CHECK(sent[1].body == R"({"prompt":"Faster."})");
}

TEST_CASE("a job that cannot be read gets no followup") {
  struct Fault {
    int status;
    const char* kind;
  };
  for (const Fault& fault : {Fault{404, "not_found"}, Fault{401, "unauthenticated"},
                             Fault{500, "upstream_failure"}, Fault{0, "unreachable"}}) {
    CAPTURE(fault.status);
    Bench bench;
    for (int attempt = 0; attempt < 8; ++attempt) {
      if (fault.status == 0) {
        bench.http.fail(ErrorKind::unreachable, "connection refused");
      } else {
        bench.http.reply(fault.status, R"({"error":"no"})");
      }
    }
    const auto result = bench.followup();
    CHECK(result.is_error);
    CHECK(facts(result)["kind"] == fault.kind);
    CHECK(facts(result)["spent"] == "no");
    CHECK(facts(result)["job_id"] == test::kJobId);
    CHECK(text_of(result).find("the followup was not sent") != std::string::npos);
    CHECK(bench.count("POST") == 0);
  }
}

TEST_CASE("a job that is surely not completed gets no followup, and the answer names its status") {
  for (const char* status : {"queued", "created", "running", "awaiting_user_input", "failed"}) {
    CAPTURE(status);
    Bench bench;
    bench.reply(job(status));
    const auto result = bench.followup();
    CHECK(facts(result)["kind"] == "conflict");
    CHECK(facts(result)["spent"] == "no");
    CHECK(text_of(result).find("status is " + std::string(status)) != std::string::npos);
    CHECK(bench.count("POST") == 0);
  }
  Bench bench;
  bench.reply(job("running"));
  CHECK(
      text_of(bench.followup()) ==
      "followup_video failed and nothing was spent: the followup was not sent, because it needs a "
      "completed job and this one's status is running. Job: 405d47cf-f72b-4852-b570-0de2446dbba1. "
      "Call get_video_status with job_id=405d47cf-f72b-4852-b570-0de2446dbba1 and wait_seconds=50 "
      "until ready is true, then call followup_video again.");
}

TEST_CASE("a status that nobody knows leaves the followup to the service") {
  Bench bench;
  bench.reply(job("archived"));
  bench.http.reply(409, test::vendor_text("error-409"));
  const auto result = bench.followup();
  CHECK(facts(result)["kind"] == "conflict");
  CHECK(text_of(result) ==
        "followup_video failed and nothing was spent: a followup needs a completed job, this one "
        "is \"running\" (409: \"Followups can only be created for completed Mosaic Motion "
        "jobs.\"). Job: 405d47cf-f72b-4852-b570-0de2446dbba1. Wait with get_video_status until the "
        "job is completed, then call followup_video again.");
  CHECK(bench.count("POST") == 1);
}

TEST_CASE("after a followup the previous video is not ready, the new one is") {
  Bench bench;
  bench.http.reply(200, test::vendor_text("status-completed"));
  bench.reply_started();
  CHECK(!bench.followup().is_error);

  bench.http.reply(200, test::vendor_text("status-completed"));
  const auto stale = bench.get_status();
  CHECK(structured(stale)["ready"] == false);
  CHECK(structured(stale)["poll_after_seconds"] == 3);
  CHECK(stale.content.size() == 1);
  CHECK(text_of(stale) ==
        "The followup is under way; output still shows the video from before it.\n"
        "Job 405d47cf-f72b-4852-b570-0de2446dbba1: status completed, not ready.\n"
        "Previous MP4: https://storage.googleapis.com/...\n"
        "Times: created 2026-04-28T23:01:04.198Z, updated 2026-04-28T23:06:43.695Z, completed "
        "2026-04-28T23:05:58.695Z.\n"
        "Media used: 1 (by rights: licensed 1; by kind: licensed_library 1).\n"
        "Next: Call get_video_status with job_id=405d47cf-f72b-4852-b570-0de2446dbba1 and "
        "wait_seconds=50.");

  bench.reply(job("running"));
  CHECK(structured(bench.get_status())["ready"] == false);

  bench.reply(revised());
  const Json done = structured(bench.get_status());
  CHECK(done["ready"] == true);
  CHECK(done["output"]["download_url"] == "https://storage.googleapis.com/new");
}

TEST_CASE("the previous video stays unready however long an accepted followup takes") {
  Bench bench;
  bench.http.reply(200, test::vendor_text("status-completed"));
  bench.reply_started();
  CHECK(!bench.followup().is_error);
  bench.clock.advance(std::chrono::hours(2));
  bench.http.reply(200, test::vendor_text("status-completed"));
  CHECK(structured(bench.get_status())["ready"] == false);
}

TEST_CASE("another key's followup does not touch what this key sees") {
  Bench bench;
  bench.http.reply(200, test::vendor_text("status-completed"));
  bench.reply_started();
  CHECK(!bench.followup().is_error);
  bench.caller.credential = "motion_other";
  bench.http.reply(200, test::vendor_text("status-completed"));
  CHECK(structured(bench.get_status())["ready"] == true);
}

TEST_CASE("a refused followup changes nothing") {
  Bench bench;
  bench.http.reply(200, test::vendor_text("status-completed"));
  bench.http.reply(402, test::vendor_text("error-402"));
  CHECK(facts(bench.followup())["kind"] == "insufficient_credits");
  bench.http.reply(200, test::vendor_text("status-completed"));
  CHECK(structured(bench.get_status())["ready"] == true);
}

TEST_CASE("a followup whose answer was lost is doubted for two minutes, then counts as not taken") {
  Bench bench;
  bench.http.reply(200, test::vendor_text("status-completed"));
  bench.http.fail(ErrorKind::interrupted, "the connection was cut");
  const auto lost = bench.followup();
  CHECK(facts(lost)["kind"] == "outcome_unknown");
  CHECK(facts(lost)["spent"] == "unknown");
  CHECK(bench.count("POST") == 1);

  bench.http.reply(200, test::vendor_text("status-completed"));
  const Json doubted = structured(bench.get_status());
  CHECK(doubted["ready"] == false);
  CHECK(doubted["message"] ==
        "Whether the last followup was taken is not known yet; output still shows the video from "
        "before it.");

  bench.clock.advance(seconds(120));
  bench.http.reply(200, test::vendor_text("status-completed"));
  const Json settled = structured(bench.get_status());
  CHECK(settled["ready"] == true);
  CHECK(settled["message"] ==
        "The video is ready. It is the one from before the last followup, which does not seem to "
        "have been taken.");
  CHECK(settled["next_step"] ==
        "If the change is still wanted, call followup_video with "
        "job_id=405d47cf-f72b-4852-b570-0de2446dbba1, its prompt and allow_duplicate=true; that "
        "spends "
        "credits.");
}

TEST_CASE("a followup whose answer was lost but that is seen at work counts as taken") {
  Bench bench;
  bench.http.reply(200, test::vendor_text("status-completed"));
  bench.http.fail(ErrorKind::interrupted, "the connection was cut");
  CHECK(bench.followup().is_error);
  bench.reply(job("running"));
  CHECK(structured(bench.get_status())["ready"] == false);
  bench.clock.advance(std::chrono::minutes(10));
  bench.http.reply(200, test::vendor_text("status-completed"));
  CHECK(structured(bench.get_status())["ready"] == false);
  bench.reply(revised());
  CHECK(structured(bench.get_status())["ready"] == true);
}

TEST_CASE("no answer repeats a key, even when the service does") {
  base::add_secret(test::kKey);
  Bench bench;
  bench.http.reply(401, R"({"error":"bad key motion_canary_key"})");
  CHECK(text_of(bench.get_status()).find("canary") == std::string::npos);
}
