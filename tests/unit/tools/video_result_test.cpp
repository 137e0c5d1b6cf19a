// Every status in words, held whole: what an agent reads decides whether it waits, pays again, or
// hands over the wrong video. Tries also to exceed the size that a waiting agent pays for each
// time.
#include "tools/video_result.h"

#include <vector>

#include "unit/tools/bench.h"

using namespace motion_mcp;
using test::Bench;
using test::text_of;
using test::vendor_json;

namespace {

mcp::ToolResult status_of(const Json& job) {
  Bench bench;
  bench.reply(job);
  const auto result = bench.get_status();
  CHECK(!result.is_error);
  return result;
}

Json running(const char* status) {
  Json job = vendor_json("status-running");
  job["status"] = status;
  return job;
}

Json completed(const Json& output) {
  Json job = vendor_json("status-completed");
  job["sources"] = Json::array();
  job["output"] = output;
  return job;
}

Json structured(const mcp::ToolResult& result) {
  return *result.structured_content;
}

}  // namespace

TEST_CASE("a started job says its id, its status and the next call") {
  const auto result = tools::started_result(
      {test::kJobId, "queued", "/api/motion/sessions/405d47cf-f72b-4852-b570-0de2446dbba1"},
      "The video is ordered; it takes minutes.", std::chrono::seconds(50));
  CHECK(test::faults_of("create_video", result) == "");
  CHECK(
      structured(result).dump() ==
      R"({"job_id":"405d47cf-f72b-4852-b570-0de2446dbba1","status":"queued","ready":false,"message":"The video is ordered; it takes minutes.","next_step":"Call get_video_status with job_id=405d47cf-f72b-4852-b570-0de2446dbba1 and wait_seconds=50.","status_url":"/api/motion/sessions/405d47cf-f72b-4852-b570-0de2446dbba1","poll_after_seconds":3})");
  CHECK(text_of(result) ==
        "The video is ordered; it takes minutes.\n"
        "Job 405d47cf-f72b-4852-b570-0de2446dbba1: status queued, not ready.\n"
        "Next: Call get_video_status with job_id=405d47cf-f72b-4852-b570-0de2446dbba1 and "
        "wait_seconds=50.");

  const auto terse =
      tools::started_result({test::kJobId, "", ""}, "Ordered.", std::chrono::seconds(50));
  CHECK(test::faults_of("create_video", terse) == "");
  CHECK(!structured(terse).contains("status_url"));
  CHECK(text_of(terse).find("status not given, not ready") != std::string::npos);
}

TEST_CASE("while a job runs, structuredContent is at most 400 bytes") {
  for (const char* status : {"queued", "created", "running"}) {
    CAPTURE(status);
    CHECK(structured(status_of(running(status))).dump().size() <= 400);
  }
  CHECK(
      structured(status_of(running("running"))).dump() ==
      R"({"job_id":"405d47cf-f72b-4852-b570-0de2446dbba1","status":"running","ready":false,"message":"The video is being made.","next_step":"Call get_video_status with job_id=405d47cf-f72b-4852-b570-0de2446dbba1 and wait_seconds=50.","poll_after_seconds":3,"created_at":"2026-04-28T23:01:04.198Z","updated_at":"2026-04-28T23:01:23.695Z","pending_user_input":false})");
}

TEST_CASE("a status under way says what it means and when to look again") {
  CHECK(text_of(status_of(running("queued"))) ==
        "The job is accepted and waits to start.\n"
        "Job 405d47cf-f72b-4852-b570-0de2446dbba1: status queued, not ready.\n"
        "Times: created 2026-04-28T23:01:04.198Z, updated 2026-04-28T23:01:23.695Z.\n"
        "Next: Call get_video_status with job_id=405d47cf-f72b-4852-b570-0de2446dbba1 and "
        "wait_seconds=50.");
  CHECK(text_of(status_of(running("created"))) ==
        "The job is being prepared.\n"
        "Job 405d47cf-f72b-4852-b570-0de2446dbba1: status created, not ready.\n"
        "Times: created 2026-04-28T23:01:04.198Z, updated 2026-04-28T23:01:23.695Z.\n"
        "Next: Call get_video_status with job_id=405d47cf-f72b-4852-b570-0de2446dbba1 and "
        "wait_seconds=50.");
  CHECK(text_of(status_of(running("running"))) ==
        "The video is being made.\n"
        "Job 405d47cf-f72b-4852-b570-0de2446dbba1: status running, not ready.\n"
        "Times: created 2026-04-28T23:01:04.198Z, updated 2026-04-28T23:01:23.695Z.\n"
        "Next: Call get_video_status with job_id=405d47cf-f72b-4852-b570-0de2446dbba1 and "
        "wait_seconds=50.");
  CHECK(text_of(status_of(running("awaiting_user_input"))) ==
        "Motion is approving its own planning; nobody has to act.\n"
        "Job 405d47cf-f72b-4852-b570-0de2446dbba1: status awaiting_user_input, not ready.\n"
        "Times: created 2026-04-28T23:01:04.198Z, updated 2026-04-28T23:01:23.695Z.\n"
        "Next: Call get_video_status with job_id=405d47cf-f72b-4852-b570-0de2446dbba1 and "
        "wait_seconds=50.");
}

TEST_CASE("a status that nobody knows passes through as unfinished") {
  const auto result = status_of(running("paused"));
  CHECK(structured(result)["status"] == "paused");
  CHECK(structured(result)["ready"] == false);
  CHECK(structured(result)["poll_after_seconds"] == 3);
  CHECK(structured(result)["message"] ==
        "The service says \"paused\", which is not a status this server knows; it is treated as "
        "unfinished.");
}

TEST_CASE("a job that waits for a person says that no tool can help, and where to go") {
  Json job = running("awaiting_user_input");
  job["pending_user_input"] = true;
  const auto result = status_of(job);
  CHECK(text_of(result) ==
        "The job waits for a person's answer in the Motion web app; no tool can give it.\n"
        "Job 405d47cf-f72b-4852-b570-0de2446dbba1: status awaiting_user_input, not ready.\n"
        "Times: created 2026-04-28T23:01:04.198Z, updated 2026-04-28T23:01:23.695Z.\n"
        "Next: Ask the user to answer at https://motion.so, then call get_video_status with "
        "job_id=405d47cf-f72b-4852-b570-0de2446dbba1.");
  CHECK(structured(result)["pending_user_input"] == true);
  CHECK(!structured(result).contains("poll_after_seconds"));
}

TEST_CASE("completed is not ready before the file is there") {
  CHECK(text_of(status_of(completed(nullptr))) ==
        "The video is made, its file is still being rendered.\n"
        "Job 405d47cf-f72b-4852-b570-0de2446dbba1: status completed, not ready.\n"
        "Times: created 2026-04-28T23:01:04.198Z, updated 2026-04-28T23:06:43.695Z, completed "
        "2026-04-28T23:05:58.695Z.\n"
        "Next: Call get_video_status with job_id=405d47cf-f72b-4852-b570-0de2446dbba1 and "
        "wait_seconds=50.");
  for (const char* status : {"pending", "queued", "processing"}) {
    const Json result = structured(status_of(completed({{"status", status}})));
    CHECK(result["ready"] == false);
    CHECK(result["message"] == "The video is made, its file is still being rendered.");
    CHECK(result["poll_after_seconds"] == 5);
    CHECK(result["output"].dump() == R"({"status":")" + std::string(status) + "\"}");
  }
  const Json no_link =
      structured(status_of(completed({{"status", "completed"}, {"download_url", nullptr}})));
  CHECK(no_link["ready"] == false);
  CHECK(no_link["message"] == "The file is rendered, its link is not there yet.");
  const Json unknown = structured(status_of(completed({{"status", "frozen"}})));
  CHECK(unknown["ready"] == false);
  CHECK(unknown["message"] ==
        "The video is made; the service calls its file \"frozen\", which is not a status this "
        "server knows; it is treated as unfinished.");
}

TEST_CASE("a ready video has its link in every form, and its sources untouched") {
  const auto result = status_of(vendor_json("status-completed"));
  CHECK(text_of(result) ==
        "The video is ready.\n"
        "Job 405d47cf-f72b-4852-b570-0de2446dbba1: status completed, ready.\n"
        "MP4: https://storage.googleapis.com/...\n"
        "Its link lasts until 2026-04-29T00:06:43.695Z.\n"
        "Times: created 2026-04-28T23:01:04.198Z, updated 2026-04-28T23:06:43.695Z, completed "
        "2026-04-28T23:05:58.695Z.\n"
        "Media used: 1 (by rights: licensed 1; by kind: licensed_library 1).\n"
        "Next: Give the user the MP4 (output.download_url); to change the video call "
        "followup_video with job_id=405d47cf-f72b-4852-b570-0de2446dbba1 and a prompt.");
  REQUIRE(result.content.size() == 2);
  CHECK(
      result.content[1].dump() ==
      R"({"type":"resource_link","uri":"https://storage.googleapis.com/...","name":"405d47cf-f72b-4852-b570-0de2446dbba1.mp4","title":"The finished video","mimeType":"video/mp4"})");
  const Json json = structured(result);
  CHECK(json["ready"] == true);
  CHECK(json["sources"].dump() == vendor_json("status-completed")["sources"].dump());
  CHECK(!json.contains("poll_after_seconds"));
  CHECK(json["output"]["download_url"] == "https://storage.googleapis.com/...");
}

TEST_CASE("only a ready video is offered as a link") {
  for (const auto& job : {running("running"), completed(nullptr),
                          completed({{"status", "failed"}, {"download_url", "https://e.com/a"}})}) {
    CHECK(status_of(job).content.size() == 1);
  }
}

TEST_CASE("media to look at are named in the next step") {
  Json job = vendor_json("status-completed");
  job["sources"][0]["rights_status"] = "unknown";
  const auto result = status_of(job);
  CHECK(structured(result)["next_step"] ==
        "Give the user the MP4 (output.download_url); to change the video call followup_video with "
        "job_id=405d47cf-f72b-4852-b570-0de2446dbba1 and a prompt. Show the user rights.review "
        "before the video is published.");
  CHECK(structured(result)["rights"]["review"][0]["sources"] ==
        Json({"6c1d19dd-b30e-4df2-9d9c-e65598b6d31b"}));
}

TEST_CASE(
    "a link whose time is over by this machine's clock is handed over, and never asked for without "
    "end") {
  Bench bench;
  bench.clock.set_wall(*base::parse_rfc3339("2026-04-29T00:06:43.695Z"));
  bench.reply(vendor_json("status-completed"));
  const Json json = structured(bench.get_status());
  CHECK(json["ready"] == true);
  CHECK(json["message"] ==
        "The video is ready. By this machine's clock, which may be wrong, its link ended at "
        "2026-04-29T00:06:43.695Z.");
  CHECK(json["next_step"] ==
        "Give the user the MP4 (output.download_url) all the same; if it does not open, call "
        "get_video_status with job_id=405d47cf-f72b-4852-b570-0de2446dbba1 once more for a fresh "
        "link. Do not make the video again.");
}

TEST_CASE("a failure quotes the service's reason, bounded and without markup") {
  Json job = running("failed");
  job["error"] = "Scene 3: \"hero\" could\nnot be built";
  CHECK(text_of(status_of(job)) ==
        "The job failed: \"Scene 3: 'hero' could not be built\". It may have used credits.\n"
        "Job 405d47cf-f72b-4852-b570-0de2446dbba1: status failed, not ready.\n"
        "Times: created 2026-04-28T23:01:04.198Z, updated 2026-04-28T23:01:23.695Z.\n"
        "Next: Tell the user why. This job takes no followup; ask before create_video starts a new "
        "paid one.");
  CHECK(structured(status_of(job))["error"] == "Scene 3: 'hero' could not be built");

  job["error"] = {{"message", "too long"}};
  CHECK(structured(status_of(job))["error"] == "too long");
  job["error"] = std::string(5000, 'x');
  CHECK(structured(status_of(job))["error"].get<std::string>().size() <= 503);
  for (const Json& unshowable : {Json(nullptr), Json("<html><b>no</b></html>"), Json("")}) {
    job["error"] = unshowable;
    const Json json = structured(status_of(job));
    CHECK(!json.contains("error"));
    CHECK(
        json["message"] ==
        "The job failed. The service gave no reason that can be shown. It may have used credits.");
  }
  job["error"] = "insufficient_credits";
  CHECK(text_of(status_of(job)) ==
        "The credits ran out during the run: \"insufficient_credits\".\n"
        "Job 405d47cf-f72b-4852-b570-0de2446dbba1: status failed, not ready.\n"
        "Times: created 2026-04-28T23:01:04.198Z, updated 2026-04-28T23:01:23.695Z.\n"
        "Next: Ask the user to add credits at https://motion.so; then create_video can start a new "
        "paid job, since this one takes no followup.");
  // As the sandbox's case credits-run-out has it.
  job["error"] = {{"code", "insufficient_credits"},
                  {"message", "The account ran out of credits during generation."}};
  CHECK(structured(status_of(job))["message"] ==
        "The credits ran out during the run: \"insufficient_credits: The account ran out of "
        "credits during generation.\".");
}

TEST_CASE("a file that could not be rendered says so") {
  const auto result = status_of(
      completed({{"status", "failed"}, {"download_url", nullptr}, {"error", "encoder crashed"}}));
  CHECK(text_of(result) ==
        "The video was made, but its file could not be rendered: \"encoder crashed\".\n"
        "Job 405d47cf-f72b-4852-b570-0de2446dbba1: status completed, not ready.\n"
        "Times: created 2026-04-28T23:01:04.198Z, updated 2026-04-28T23:06:43.695Z, completed "
        "2026-04-28T23:05:58.695Z.\n"
        "Next: Tell the user, who can look at the job at https://motion.so; ask before trying "
        "followup_video with job_id=405d47cf-f72b-4852-b570-0de2446dbba1 and a prompt, which "
        "spends credits on a new version.");
  CHECK(structured(result)["ready"] == false);
  CHECK(!structured(result).contains("poll_after_seconds"));
}

TEST_CASE("members that nobody knows are handed on, but never in place of ours") {
  Json job = running("running");
  job["progress_percent"] = 10;
  job["ready"] = true;
  job["message"] = 7;
  const auto result = status_of(job);
  CHECK(structured(result)["progress_percent"] == 10);
  CHECK(structured(result)["ready"] == false);
  CHECK(structured(result)["message"] == "The video is being made.");
  CHECK(text_of(result).find(R"('progress_percent':10)") != std::string::npos);
  CHECK(structured(status_of(completed({{"status", "pending"}, {"percent", 40}})))["output"] ==
        Json({{"status", "pending"}, {"percent", 40}}));
}

TEST_CASE("a job that says next to nothing is still a valid answer") {
  const auto result = status_of({{"job_id", test::kJobId}, {"status", "running"}});
  CHECK(
      structured(result).dump() ==
      R"({"job_id":"405d47cf-f72b-4852-b570-0de2446dbba1","status":"running","ready":false,"message":"The video is being made.","next_step":"Call get_video_status with job_id=405d47cf-f72b-4852-b570-0de2446dbba1 and wait_seconds=50.","poll_after_seconds":10,"pending_user_input":false})");
}

TEST_CASE("polls come often at first and slower with the job's age") {
  Bench bench;
  std::vector<int> delays;
  for (const int age : {0, 29, 30, 119, 120, 299, 300, 3600}) {
    bench.clock.set_wall(*base::parse_rfc3339("2026-04-28T23:01:04.198Z") +
                         std::chrono::seconds(age));
    bench.reply(running("running"));
    delays.push_back(structured(bench.get_status())["poll_after_seconds"].get<int>());
  }
  CHECK(delays == std::vector{3, 3, 5, 5, 10, 10, 30, 30});
}
