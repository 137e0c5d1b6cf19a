// The four clip tools. Tries to get an answer that an agent cannot act on, a clip called ready that
// is not, and anything sent with a key of another service.
#include <doctest/doctest.h>

#include "fakes/stepped_clock.h"
#include "unit/tools/bench.h"

using namespace motion_mcp;
using namespace motion_mcp::test;

namespace {

constexpr const char* kMosaicKey = "mk_canary_key";
constexpr const char* kRun = "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d";

struct Clips : Bench {
  Clips() { caller.further["mosaic"] = kMosaicKey; }

  void script_start() {
    http.reply(200, R"({"success":true,"agent_id":"agent-1"})");
    http.reply(200, R"({"created_nodes":[{"temp_ref_id":"clip","agent_node_id":"node-1"}]})");
    http.reply(200, std::string(R"({"run_id":")") + kRun + "\"}");
  }
  void script_run(const std::string& members) {
    http.reply(200, R"({"agent_id":"agent-1","started_at":"2026-11-21T10:00:00Z",)" + members +
                        R"(,"inputs":[]})");
  }
};

constexpr const char* kRunning =
    R"("status":"running","needs_credits":false,"errors":[],"outputs":[],"node_status_counts":{"completed":0,"in_progress":1,"failed":0})";
constexpr const char* kCompleted =
    R"("status":"completed","needs_credits":false,"errors":[],"node_status_counts":{"completed":1,"in_progress":0,"failed":0},"outputs":[{"id":"out-1","video_url":"https://clips.example/a.mp4?sig=1","thumbnail_url":"https://clips.example/a.jpg","completed_at":"2026-11-21T10:02:00Z"}])";

}  // namespace

TEST_CASE("a clip is ordered with the documented defaults and answered with its ids") {
  Clips bench;
  bench.script_start();
  const auto result = bench.call("generate_clip", {{"prompt", "A fox."}});
  CAPTURE(text_of(result));
  REQUIRE_FALSE(result.is_error);
  CHECK(faults_of("generate_clip", result).empty());
  const Json& facts = *result.structured_content;
  CHECK(facts["run_id"] == kRun);
  CHECK(facts["agent_id"] == "agent-1");
  CHECK(facts["node_id"] == "node-1");
  CHECK(facts["ready"] == false);
  CHECK(facts["next_step"].get<std::string>().find("get_clip_status") != std::string::npos);
  const auto sent = bench.http.sent();
  REQUIRE(sent.size() == 3);
  CHECK(Json::parse(sent[0].body) == Json{{"name", "motion-mcp clips"}, {"visibility", "private"}});
  for (const auto& request : sent) {
    CHECK(net::find_header(request.headers, "Authorization") ==
          std::string("Bearer ") + kMosaicKey);
  }
}

TEST_CASE("the defaults that the schema tells of are those that are sent") {
  const Json properties =
      Json::parse(entry("generate_clip").definition)["inputSchema"]["properties"];
  const Json sent = mosaic::to_json(mosaic::params_from_json({{"prompt", "A fox."}}));
  for (const auto& [name, value] : sent.items()) {
    REQUIRE(properties.contains(name));
    if (name == "prompt") continue;
    const std::string word = name == "selected_context" ? "none"
                             : value.is_string()        ? value.get<std::string>()
                                                        : value.dump();
    CHECK(properties[name]["description"].get<std::string>().ends_with("(default " + word + ")"));
  }
  for (const auto& [name, list] : sent["selected_context"].items()) {
    CHECK(properties["selected_context"]["properties"].contains(name));
    CHECK(list.empty());
  }
}

TEST_CASE("the same arguments again are answered with the run, its agent and its node") {
  Clips bench;
  bench.script_start();
  bench.call("generate_clip", {{"prompt", "A fox."}});
  const auto again = bench.call("generate_clip", {{"prompt", "A fox."}});
  REQUIRE_FALSE(again.is_error);
  CHECK((*again.structured_content)["run_id"] == kRun);
  CHECK((*again.structured_content)["agent_id"] == "agent-1");
  CHECK(text_of(again).find("nothing was spent") != std::string::npos);
  CHECK(bench.http.sent().size() == 3);
}

TEST_CASE("a default that is spelled out is no other order") {
  Clips bench;
  bench.script_start();
  REQUIRE_FALSE(bench.call("generate_clip", {{"prompt", "A fox."}}).is_error);
  const auto again = bench.call(
      "generate_clip", {{"duration", "auto"}, {"prompt", "A fox."}, {"resolution", "720p"}});
  REQUIRE_FALSE(again.is_error);
  CHECK((*again.structured_content)["run_id"] == kRun);
  CHECK(bench.http.sent().size() == 3);
}

TEST_CASE("without a Mosaic key nothing is sent, whatever other keys there are") {
  for (const char* key : {"", "motion_canary_key"}) {
    Clips bench;
    bench.caller.further["mosaic"] = key;
    for (const char* tool : {"generate_clip", "get_clip_status", "cancel_clip", "resume_clip"}) {
      CAPTURE(tool);
      const Json arguments = std::string_view(tool) == "generate_clip" ? Json{{"prompt", "A fox."}}
                                                                       : Json{{"run_id", kRun}};
      const auto result = bench.call(tool, arguments);
      CHECK(result.is_error);
      CHECK(text_of(result).find("X-Mosaic-Api-Key") != std::string::npos);
    }
    CHECK(bench.http.sent().empty());
  }
}

TEST_CASE("what cannot be sent is refused at once") {
  Clips bench;
  const auto refused = [&](const char* tool, const Json& arguments) {
    const auto result = bench.call(tool, arguments);
    CHECK(result.is_error);
    CHECK(text_of(result).find("nothing was spent") != std::string::npos);
  };
  refused("generate_clip", {{"prompt", " \t\u00A0"}});
  refused("generate_clip", {{"prompt", "A fox."}, {"callback_url", "ftp://example.com"}});
  refused("generate_clip", {{"prompt", "A fox."}, {"callback_url", "not a url"}});
  refused("generate_clip", {{"prompt", "A fox."}, {"agent_id", ".."}});
  refused("get_clip_status", {{"run_id", "two words"}});
  refused("cancel_clip", {{"run_id", ".."}});
  CHECK(bench.http.sent().empty());
}

TEST_CASE("a run that goes on says when to look again") {
  Clips bench;
  bench.script_run(kRunning);
  const auto result = bench.call("get_clip_status", {{"run_id", kRun}});
  REQUIRE_FALSE(result.is_error);
  CHECK(faults_of("get_clip_status", result).empty());
  const Json& facts = *result.structured_content;
  CHECK(facts["ready"] == false);
  CHECK(facts["poll_after_seconds"] == 5);
  CHECK(facts["node_status_counts"]["in_progress"] == 1);
}

TEST_CASE("a clip that is ready comes with its link, in the facts, the text and as a resource") {
  Clips bench;
  bench.script_run(kCompleted);
  const auto result = bench.call("get_clip_status", {{"run_id", kRun}});
  CHECK(faults_of("get_clip_status", result).empty());
  const Json& facts = *result.structured_content;
  CHECK(facts["ready"] == true);
  CHECK(facts["outputs"][0]["video_url"] == "https://clips.example/a.mp4?sig=1");
  CHECK_FALSE(facts.contains("poll_after_seconds"));
  CHECK(text_of(result).find("https://clips.example/a.mp4?sig=1") != std::string::npos);
  CHECK(text_of(result).find("seven days") != std::string::npos);
  REQUIRE(result.content.size() == 2);
  CHECK(result.content[1]["type"] == "resource_link");
}

TEST_CASE("what needs somebody says who and how") {
  const auto words = [](const char* members) {
    Clips bench;
    bench.script_run(members);
    const auto result = bench.call("get_clip_status", {{"run_id", kRun}});
    REQUIRE_FALSE(result.is_error);
    CHECK_FALSE(result.structured_content->contains("poll_after_seconds"));
    return text_of(result);
  };
  CHECK(words(R"("status":"running","needs_credits":true)").find("credits") != std::string::npos);
  CHECK(words(R"("status":"failed","errors":[{"message":"no luck"}])").find("no luck") !=
        std::string::npos);
  CHECK(words(R"("status":"failed")").find("resume_clip") != std::string::npos);
  CHECK(words(R"("status":"cancelled")").find("cancelled") != std::string::npos);
  // The service resumes neither of these.
  for (const char* outputs : {R"([{"video_url":"https://v"}])", "[]"}) {
    const std::string partial =
        words((R"("status":"partial_complete","outputs":)" + std::string(outputs)).c_str());
    CHECK((partial.find("https://v") != std::string::npos) == (std::string(outputs) != "[]"));
    CHECK(partial.find("resume_clip") == std::string::npos);
    CHECK(partial.find("another generate_clip") != std::string::npos);
  }
}

TEST_CASE("a word that nobody knows is shown as the service's, without what a terminal would do") {
  Clips bench;
  bench.script_run(R"("status":"final\u001b[31mizing","status_message":"<script>x</script>")");
  const auto result = bench.call("get_clip_status", {{"run_id", kRun}});
  CHECK(text_of(result).find('\x1b') == std::string::npos);
  CHECK_FALSE(result.structured_content->contains("status_message"));
  CHECK((*result.structured_content)["poll_after_seconds"] == 5);
}

TEST_CASE("a wait ends with what the run came to") {
  for (const char* members : {kCompleted, R"("status":"failed")"}) {
    Clips bench;
    fakes::SteppedClock clock;  // nobody steps: the first read is enough
    jobs::ClipWatcher watcher(bench.mosaic_client, bench.ledger, clock, {});
    const tools::MosaicServices mosaic{bench.mosaic_client, bench.guard,  watcher,
                                       bench.agents,        bench.ledger, bench.turns};
    const tools::Services services{
        bench.client,  bench.baselines, clock,         bench.guard, bench.watcher,
        bench.unasked, bench.max_wait,  bench.history, {},          &mosaic};
    bench.script_run(members);
    const auto result =
        bench.run("get_clip_status", services, {{"run_id", kRun}, {"wait_seconds", 60}});
    REQUIRE_FALSE(result.is_error);
    CHECK((*result.structured_content)["ready"] == (members == kCompleted));
    CHECK_FALSE(result.structured_content->contains("timed_out"));
    CHECK(bench.http.sent().size() == 1);
  }
}

TEST_CASE("a run is cancelled and resumed, and a conflict explained") {
  Clips bench;
  bench.http.reply(
      200, R"({"success":true,"tasks_cancelled":2,"nodes_reset":1,"message":"Run cancelled"})");
  const auto cancelled = bench.call("cancel_clip", {{"run_id", kRun}});
  REQUIRE_FALSE(cancelled.is_error);
  CHECK(faults_of("cancel_clip", cancelled).empty());
  CHECK(text_of(cancelled).find("tasks ended: 2") != std::string::npos);

  bench.http.reply(200, R"({"success":true})");
  const auto resumed = bench.call("resume_clip", {{"run_id", kRun}});
  REQUIRE_FALSE(resumed.is_error);
  CHECK(faults_of("resume_clip", resumed).empty());
  CHECK((*resumed.structured_content)["next_step"].get<std::string>().find("get_clip_status") !=
        std::string::npos);

  bench.http.reply(409, R"({"detail":"Only failed or cancelled runs can be resumed"})");
  const auto refused = bench.call("resume_clip", {{"run_id", kRun}});
  CHECK(refused.is_error);
  CHECK(text_of(refused).find("only a run that failed or was cancelled") != std::string::npos);
  CHECK(text_of(refused).find("nothing was spent") != std::string::npos);
}

TEST_CASE("a run that was resumed is at work again, so the same order is not paid beside it") {
  for (const int status : {200, 500}) {
    Clips bench;
    bench.script_start();
    REQUIRE_FALSE(bench.call("generate_clip", {{"prompt", "A fox."}}).is_error);
    bench.script_run(
        R"("status":"failed","needs_credits":false,"errors":[{"message":"x"}],"outputs":[],"node_status_counts":{"completed":0,"in_progress":0,"failed":1})");
    REQUIRE_FALSE(bench.call("get_clip_status", {{"run_id", kRun}}).is_error);
    bench.http.reply(status, R"({"success":true})");
    bench.call("resume_clip", {{"run_id", kRun}});
    const std::size_t sent = bench.http.sent().size();
    const auto again = bench.call("generate_clip", {{"prompt", "A fox."}});
    CHECK((*again.structured_content)["run_id"] == kRun);
    CHECK(bench.http.sent().size() == sent);
  }
}

TEST_CASE("a lost cancel or resume is told to be looked at, and costs nothing") {
  for (const char* tool : {"cancel_clip", "resume_clip"}) {
    Clips bench;
    bench.http.fail(ErrorKind::interrupted);
    const auto result = bench.call(tool, {{"run_id", kRun}});
    CHECK(result.is_error);
    CHECK(text_of(result).find("nothing was spent") != std::string::npos);
    CHECK(text_of(result).find("get_clip_status") != std::string::npos);
    CHECK(bench.http.sent().size() == 1);
  }
}

TEST_CASE("with --confirm a person is asked about the clip before anything is made") {
  Clips bench;
  bench.asks_first = true;
  const auto asked = bench.call("generate_clip", {{"prompt", "A fox."}});
  CHECK(asked.is_error);
  CHECK(text_of(asked).find("a clip from Mosaic") != std::string::npos);
  CHECK(text_of(asked).find("200 make") == std::string::npos);
}
