// Tries to have a job lost, a link leak into the list, another key's job shown, and one read that
// fails hide all the others.
#include "base/owner.h"
#include "fakes/scratch_folder.h"
#include "unit/tools/bench.h"

using namespace motion_mcp;
using namespace std::chrono_literals;
using jobs::OrderState;
using test::Bench;
using test::text_of;

namespace {

constexpr const char* kTool = "list_videos";
constexpr const char* kOtherJobId = "405d47cf-f72b-4852-b570-0de2446dbba2";

Json structured(const mcp::ToolResult& result) {
  REQUIRE_FALSE(result.is_error);
  return *result.structured_content;
}

Json facts(const mcp::ToolResult& result) {
  CHECK(result.is_error);
  return result.meta["motion-mcp/error"];
}

// An order of this bench's key, as the spend guard writes it.
void order(Bench& bench, const char* prompt, OrderState state, const char* job_id = "",
           const char* key = test::kKey) {
  const std::string digest = prompt + std::to_string(bench.clock.wall().time_since_epoch().count());
  const auto admission =
      bench.ledger.admit({base::owner_id(key), "create_video", digest, prompt, "", {}}, {});
  REQUIRE(admission);
  REQUIRE(bench.ledger.close(std::get<jobs::OrderId>(*admission), state, job_id,
                             *job_id == '\0' ? "" : "queued"));
  bench.clock.advance(1min);
}

// The next GETs are answered by what `bodies` has for the URL's job.
void answer_reads(Bench& bench, const std::map<std::string, std::pair<int, Json>>& bodies) {
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    bench.http.reply_with([bodies](const net::HttpRequest& request, const auto&) {
      const auto& [status, body] = bodies.at(request.url.substr(request.url.rfind('/') + 1));
      return net::HttpResponse{status, {}, body.dump()};
    });
  }
}

Json running(const char* job_id, const char* status = "running") {
  Json body = test::vendor_json("status-running");
  body["job_id"] = job_id;
  body["status"] = status;
  return body;
}

Json completed(const char* job_id) {
  Json body = test::vendor_json("status-completed");
  body["job_id"] = job_id;
  return body;
}

}  // namespace

TEST_CASE("what was ordered is found again, newest first, with what is unusual about it") {
  Bench bench;
  bench.reply_started();
  REQUIRE_FALSE(bench.call("create_video", {{"prompt", "A \"launch\" video\nfor bees."}}).is_error);
  bench.clock.advance(1min);
  order(bench, "Lost.", OrderState::uncertain);
  order(bench, "Refused.", OrderState::refused);
  const auto result = bench.call(kTool, Json::object());
  CHECK(text_of(result) ==
        "2 videos, newest first.\n"
        "(no job_id) uncertain, ordered 2026-04-28T23:02Z: \"Lost.\". The answer to this order was "
        "lost: it may have been taken and paid for. Look at https://motion.so before ordering it "
        "again.\n"
        "405d47cf-f72b-4852-b570-0de2446dbba1 unfinished (queued), ordered 2026-04-28T23:01Z: "
        "\"A 'launch' video for bees.\"\n"
        "Next: Order nothing again that is uncertain before its note is done. get_video_status "
        "with an unfinished job_id and wait_seconds waits for it.");
  const Json videos = structured(result)["videos"];
  REQUIRE(videos.size() == 2);
  CHECK_FALSE(videos[0].contains("job_id"));
  CHECK(videos[0]["state"] == "uncertain");
  CHECK(videos[0]["note"].get<std::string>().find("https://motion.so") != std::string::npos);
  CHECK(videos[1] == Json{{"job_id", test::kJobId},
                          {"state", "unfinished"},
                          {"status", "queued"},
                          {"ordered_at", "2026-04-28T23:01:04.000Z"},
                          {"seen_at", "2026-04-28T23:01:04.000Z"},
                          {"prompt", "A 'launch' video for bees."}});
  CHECK(bench.count("GET") == 0);
}

TEST_CASE("a text stays small: about 150 bytes for each video, whatever the prompt") {
  Bench bench;
  for (int i = 0; i < 50; ++i) {
    std::string job_id = test::kJobId;
    job_id[0] = static_cast<char>('0' + i / 10);
    job_id[1] = static_cast<char>('0' + i % 10);
    order(bench, std::string(12'000, 'x').c_str(), OrderState::started, job_id.c_str());
  }
  const auto result = bench.call(kTool, {{"limit", 50}});
  CHECK(structured(result)["videos"].size() == 50);
  CHECK(text_of(result).size() < 50 * 160);
  CHECK(result.structured_content->dump().size() < 50 * 350);
}

TEST_CASE("a video without news is told by its followups and never by a link") {
  Bench bench;
  order(bench, "A film.", OrderState::started, test::kJobId);
  bench.reply(completed(test::kJobId));
  REQUIRE_FALSE(bench.get_status().is_error);
  const auto ready = bench.call(kTool, Json::object());
  CHECK(structured(ready)["videos"][0]["state"] == "ready");
  CHECK(text_of(ready).find("gives its MP4 link") != std::string::npos);
  CHECK((text_of(ready) + ready.structured_content->dump()).find("storage.googleapis") ==
        std::string::npos);

  bench.reply(completed(test::kJobId));
  bench.reply_started();
  REQUIRE_FALSE(bench.followup().is_error);
  const auto followed = bench.call(kTool, Json::object());
  const Json video = structured(followed)["videos"][0];
  CHECK(structured(followed)["videos"].size() == 1);
  CHECK(video["state"] == "unfinished");
  CHECK(video["followups"] == 1);
  CHECK(video["prompt"] == "A film.");
  CHECK(video["revision"] == "Faster.");
  CHECK(text_of(followed).find(", 1 followup, the last: \"Faster.\"") != std::string::npos);
}

TEST_CASE("refresh reads what is unfinished, and a followup's old video is not taken for the new") {
  Bench bench;
  order(bench, "A film.", OrderState::started, test::kJobId);
  bench.reply(completed(test::kJobId));
  bench.reply_started();
  REQUIRE_FALSE(bench.followup().is_error);
  bench.reply(completed(test::kJobId));
  const auto early = structured(bench.call(kTool, {{"refresh", true}}));
  CHECK(early["videos"][0]["state"] == "unfinished");
  CHECK(early["videos"][0]["note"].get<std::string>().find("from before it") != std::string::npos);

  Json revised = completed(test::kJobId);
  revised["completed_at"] = "2026-04-28T23:20:00.000Z";
  revised["output"]["completed_at"] = "2026-04-28T23:20:40.000Z";
  bench.reply(revised);
  const auto late = structured(bench.call(kTool, {{"refresh", true}}));
  CHECK(late["videos"][0]["state"] == "ready");
  CHECK_FALSE(late["videos"][0].contains("note"));

  const std::size_t reads = bench.count("GET");
  CHECK(structured(bench.call(kTool, {{"refresh", true}}))["videos"][0]["state"] == "ready");
  CHECK(bench.count("GET") == reads);  // what has ended is not read again
  CHECK(bench.count("POST") == 1);
}

TEST_CASE("a read that fails is said of its video, and the others are fresh") {
  Bench bench;
  order(bench, "One.", OrderState::started, test::kJobId);
  order(bench, "Two.", OrderState::started, kOtherJobId);
  answer_reads(bench, {{test::kJobId, {404, {{"error", "Job not found"}}}},
                       {kOtherJobId, {200, running(kOtherJobId, "failed")}}});
  const auto result = bench.call(kTool, {{"refresh", true}});
  const Json videos = structured(result)["videos"];
  REQUIRE(videos.size() == 2);
  CHECK(videos[0]["state"] == "failed");
  CHECK(videos[0]["status"] == "failed");
  CHECK(videos[0]["note"].get<std::string>().find("The job failed") == 0);
  CHECK(videos[1]["state"] == "unfinished");
  CHECK(videos[1]["note"].get<std::string>().find("It could not be read again: no such job") == 0);
}

TEST_CASE("a job that needs a person says so when it is refreshed") {
  Bench bench;
  order(bench, "One.", OrderState::started, test::kJobId);
  Json waiting = running(test::kJobId, "awaiting_user_input");
  waiting["pending_user_input"] = true;
  bench.reply(waiting);
  const Json video = structured(bench.call(kTool, {{"refresh", true}}))["videos"][0];
  CHECK(video["state"] == "unfinished");
  CHECK(video["note"].get<std::string>().find("person's answer") != std::string::npos);
}

TEST_CASE("a key that the service refuses fails the refresh, not the list") {
  Bench bench;
  order(bench, "One.", OrderState::started, test::kJobId);
  bench.http.reply(401, test::vendor_text("error-401"));
  CHECK(facts(bench.call(kTool, {{"refresh", true}}))["kind"] == "unauthenticated");
  CHECK(structured(bench.call(kTool, Json::object()))["videos"].size() == 1);
}

TEST_CASE("a followup in doubt is marked, and a look at it ends the doubt") {
  Bench bench;
  order(bench, "A film.", OrderState::started, test::kJobId);
  bench.reply(completed(test::kJobId));
  bench.http.reply(500, "{}");
  REQUIRE(bench.followup().is_error);
  const Json video = structured(bench.call(kTool, {{"status", "uncertain"}}))["videos"][0];
  CHECK(video["job_id"] == test::kJobId);
  CHECK(video["note"].get<std::string>().find("last followup") != std::string::npos);

  bench.reply(completed(test::kJobId));
  const Json open = structured(bench.call(kTool, {{"refresh", true}}))["videos"][0];
  CHECK(open["state"] == "uncertain");
  bench.clock.advance(3min);
  bench.reply(completed(test::kJobId));
  const Json over = structured(bench.call(kTool, {{"refresh", true}}))["videos"][0];
  CHECK(over["state"] == "ready");
  CHECK(over["note"].get<std::string>().find("does not seem to have been taken") !=
        std::string::npos);
}

TEST_CASE("pages and filters go together, and the next step repeats both") {
  Bench bench;
  order(bench, "One.", OrderState::started, test::kJobId);
  order(bench, "Two.", OrderState::started, kOtherJobId);
  order(bench, "Lost.", OrderState::uncertain);
  const Json first = structured(bench.call(kTool, {{"limit", 1.0}, {"status", "unfinished"}}));
  CHECK(first["videos"][0]["prompt"] == "Two.");
  const std::string cursor = first["next_cursor"];
  CHECK(first["next_step"].get<std::string>().find("cursor=" + cursor + " and the same status.") !=
        std::string::npos);
  const Json second =
      structured(bench.call(kTool, {{"limit", 1}, {"status", "unfinished"}, {"cursor", cursor}}));
  CHECK(second["videos"][0]["prompt"] == "One.");
  CHECK_FALSE(second.contains("next_cursor"));
  CHECK(second["message"] == "1 video, newest first; these are the oldest.");
  CHECK(structured(bench.call(kTool, {{"status", "all"}}))["videos"].size() == 3);
}

TEST_CASE("an empty list says of what, and what to do") {
  Bench bench;
  const Json nothing = structured(bench.call(kTool, Json::object()));
  CHECK(nothing["videos"] == Json::array());
  CHECK(nothing["message"] == "There is no video of this key in this server's history.");
  CHECK(nothing["next_step"].get<std::string>().find("get_video_status") != std::string::npos);
  order(bench, "One.", OrderState::started, test::kJobId);
  const Json none = structured(bench.call(kTool, {{"status", "failed"}, {"refresh", true}}));
  CHECK(none["message"] ==
        "There is no video of this key that is failed in this server's history.");
  CHECK(none["next_step"].get<std::string>().find("without status") != std::string::npos);
  CHECK(bench.http.sent().empty());
}

TEST_CASE("an order that is being sent right now is no lost one") {
  Bench bench;
  REQUIRE(
      bench.ledger.admit({base::owner_id(test::kKey), "create_video", "d", "Now.", "", {}}, {}));
  const Json video = structured(bench.call(kTool, {{"refresh", true}}))["videos"][0];
  CHECK(video["state"] == "unfinished");
  CHECK(video["note"].get<std::string>().find("being sent right now") != std::string::npos);
}

TEST_CASE("another key's jobs never show") {
  Bench bench;
  order(bench, "Theirs.", OrderState::started, test::kJobId, "motion_another_key");
  CHECK(structured(bench.call(kTool, {{"refresh", true}}))["videos"].empty());
  CHECK(bench.http.sent().empty());
}

TEST_CASE("a list that cannot be made says why and what to do instead") {
  Bench bench;
  bench.history = nullptr;
  const auto off = bench.call(kTool, Json::object());
  CHECK(facts(off)["kind"] == "conflict");
  CHECK(text_of(off).find("--ledger") != std::string::npos);

  const fakes::ScratchFolder folder;
  jobs::Ledger broken({folder.write("file", "") + "/ledger.db", true}, bench.clock);
  bench.history = &broken;
  const auto unreadable = bench.call(kTool, Json::object());
  CHECK(facts(unreadable)["kind"] == "unavailable");
  CHECK(facts(unreadable)["spent"] == "no");
  CHECK(text_of(unreadable).find("history on the server's disk") != std::string::npos);
  CHECK(text_of(unreadable).find(folder.path()) == std::string::npos);

  bench.history = &bench.ledger;
  for (const char* key : {"", "sk-somebody-elses"}) {
    bench.caller.credential = key;
    CHECK(facts(bench.call(kTool, {{"refresh", true}}))["kind"] == "no_credential");
  }
  CHECK(bench.http.sent().empty());
}

TEST_CASE("a cursor that list_videos did not give is refused before anything is looked up") {
  Bench bench;
  CHECK(facts(bench.call(kTool, {{"cursor", "page 2"}}))["kind"] == "invalid_argument");
  CHECK(facts(bench.call(kTool, {{"cursor", ""}}))["kind"] == "invalid_argument");
}
