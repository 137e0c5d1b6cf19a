// Tries to have a key sent where it does not belong, a run started twice, and an answer that says
// something else than hoped for taken for what was hoped for.
#include "mosaic/client.h"

#include <doctest/doctest.h>

#include "fakes/manual_clock.h"
#include "fakes/scripted_http_client.h"
#include "unit/motion/vendor_example.h"

using namespace motion_mcp;
using fakes::vendor_json;

namespace {

constexpr const char* kKey = "mk_canary_key";
constexpr const char* kAgent = "1b671a64-40d5-491e-99b0-da01ff1f3341";
constexpr const char* kRun = "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d";

struct Bench {
  fakes::ScriptedHttpClient http;
  fakes::ManualClock clock;
  mosaic::Client client{http, clock, {.base_url = "https://api.mosaic.example/"}};
  std::stop_source stop;

  [[nodiscard]] net::HttpRequest only_request() const {
    REQUIRE(http.sent().size() == 1);
    return http.sent()[0];
  }
};

mosaic::ClipParams bottle() {
  return mosaic::params_from_json(
      vendor_json("mosaic-update-request")["operations"][0]["params_used"]);
}

}  // namespace

TEST_CASE("the three steps are sent as the vendor's examples, with every parameter spelled out") {
  Bench bench;
  bench.http.reply(200, R"({"success":true,"agent_id":"a","operations_applied":0})");
  const Json create = vendor_json("mosaic-create-request");
  REQUIRE(bench.client.create_agent(kKey, {create["name"], create["visibility"]}, {}));
  CHECK(bench.http.sent()[0].method == "POST");
  CHECK(bench.http.sent()[0].url == "https://api.mosaic.example/agent/create");
  CHECK(net::find_header(bench.http.sent()[0].headers, "Authorization") ==
        std::string("Bearer ") + kKey);
  CHECK(Json::parse(bench.http.sent()[0].body) == create);

  bench.http.reply(200, R"({"created_nodes":[{"temp_ref_id":"clip","agent_node_id":"n"}]})");
  const auto node = bench.client.add_node(kKey, kAgent, bottle(), {});
  REQUIRE(node);
  CHECK(*node == "n");
  Json expected = vendor_json("mosaic-update-request")["operations"][0];
  expected["temp_ref_id"] = "clip";
  expected["params_used"]["selected_context"] = {
      {"images", Json::array()}, {"videos", Json::array()}, {"audio", Json::array()}};
  const auto sent = Json::parse(bench.http.sent()[1].body)["operations"];
  REQUIRE(sent.size() == 1);
  CHECK(nlohmann::json(sent[0]) == nlohmann::json(expected));

  bench.http.reply(200, R"({"run_id":"r"})");
  const std::string callback = vendor_json("mosaic-run-request")["callback_url"];
  const auto run = bench.client.start_run(kKey, kAgent, {"", bottle(), callback}, {});
  REQUIRE(run);
  CHECK(*run == "r");
  CHECK(Json::parse(bench.http.sent()[2].body) == vendor_json("mosaic-run-request"));
  CHECK(bench.http.sent()[2].url.ends_with(std::string("/agent/") + kAgent + "/run"));
}

TEST_CASE("a node that is used again is told all of its parameters, and no video input is sent") {
  Bench bench;
  bench.http.reply(200, R"({"run_id":"r"})");
  mosaic::ClipParams params;
  params.prompt = "A fox.";
  REQUIRE(bench.client.start_run(kKey, kAgent, {"node-1", params, ""}, {}));
  const Json body = Json::parse(bench.only_request().body);
  CHECK(body.size() == 1);
  const Json& told = body["update_params"]["node-1"];
  CHECK(told["prompt"] == "A fox.");
  CHECK(told["model"] == "seedance-2");
  CHECK(told["resolution"] == "720p");
  CHECK(told["duration"] == "auto");
  CHECK(told["aspect_ratio"] == "auto");
  CHECK(told["generate_audio"] == true);
  CHECK(told["selected_context"]["images"].empty());
}

TEST_CASE("the id of a new node is found in either shape, and is empty when there is none") {
  for (
      const char* body :
      {R"({"created_nodes":{"clip":"n"}})",
       R"({"created_nodes":[{"temp_ref_id":"other","agent_node_id":"x"},{"temp_ref_id":"clip","agent_node_id":"n"}]})",
       R"({"created_nodes":[{"agent_node_id":"n"}]})"}) {
    CAPTURE(body);
    CHECK(mosaic::added_node_from_json(Json::parse(body)) == "n");
  }
  for (const char* body : {R"({})", R"({"created_nodes":[]})", R"({"created_nodes":7})",
                           R"({"created_nodes":[{"temp_ref_id":"other","agent_node_id":"x"}]})"}) {
    CAPTURE(body);
    CHECK(mosaic::added_node_from_json(Json::parse(body)).empty());
  }
}

TEST_CASE("a run is started once: no repeat where it may have been taken") {
  for (const int status : {200, 408, 500, 502, 503, 504}) {
    CAPTURE(status);
    Bench bench;
    bench.http.reply(status, status == 200 ? "<html>" : R"({"detail":"boom"})");
    const auto run = bench.client.start_run(kKey, kAgent, {}, {});
    REQUIRE_FALSE(run);
    CHECK(run.error().kind == ErrorKind::outcome_unknown);
    CHECK(run.error().spent == Spent::unknown);
    CHECK(bench.http.sent().size() == 1);
  }
  Bench bench;
  bench.http.fail(ErrorKind::interrupted);
  CHECK(bench.client.start_run(kKey, kAgent, {}, {}).error().spent == Spent::unknown);
  CHECK(bench.http.sent().size() == 1);
}

TEST_CASE("what certainly was not taken is sent again") {
  Bench bench;
  bench.http.fail(ErrorKind::unreachable);
  bench.http.reply(429, R"({"error":"rate_limit"})", {{"Retry-After", "1"}});
  bench.http.reply(503, "{}", {{"Retry-After", "1"}});
  bench.http.reply(200, R"({"run_id":"r"})");
  CHECK(bench.client.start_run(kKey, kAgent, {}, {}));
  CHECK(bench.http.sent().size() == 4);
}

TEST_CASE(
    "an agent or node whose making is in doubt costs nothing, and is not made again by itself") {
  Bench bench;
  bench.http.fail(ErrorKind::interrupted);
  const auto agent = bench.client.create_agent(kKey, {"n", "private"}, {});
  REQUIRE_FALSE(agent);
  CHECK(agent.error().kind == ErrorKind::outcome_unknown);
  CHECK(agent.error().spent == Spent::no);
  bench.http.reply(500, "{}");
  const auto node = bench.client.add_node(kKey, kAgent, {}, {});
  REQUIRE_FALSE(node);
  CHECK(node.error().spent == Spent::no);
  CHECK(bench.http.sent().size() == 2);
}

TEST_CASE("refusals say what they mean") {
  const auto kind_of = [](int status, const char* body) {
    Bench bench;
    bench.http.reply(status, body, {{"Retry-After", "99"}});
    const auto run = bench.client.start_run(kKey, kAgent, {}, {});
    REQUIRE_FALSE(run);
    CHECK(run.error().spent == Spent::no);
    CHECK_FALSE(run.error().next_step.empty());
    return run.error().kind;
  };
  CHECK(kind_of(400, R"({"detail":"bad","error":"validation_error"})") ==
        ErrorKind::invalid_argument);
  CHECK(kind_of(422, R"({"detail":[{"loc":["duration"],"msg":"too long"}]})") ==
        ErrorKind::invalid_argument);
  CHECK(kind_of(401, R"({"error":"invalid_api_key"})") == ErrorKind::unauthenticated);
  CHECK(kind_of(402, "{}") == ErrorKind::insufficient_credits);
  CHECK(kind_of(403, R"({"error":"insufficient_credits"})") == ErrorKind::insufficient_credits);
  CHECK(kind_of(403, R"({"error":"concurrent_agent_limit"})") == ErrorKind::rate_limited);
  CHECK(kind_of(403, R"({"error":"forbidden"})") == ErrorKind::unauthenticated);
  CHECK(kind_of(403, "<html>") == ErrorKind::bad_response);
  CHECK(kind_of(404, R"({"error":"not_found"})") == ErrorKind::not_found);
  CHECK(kind_of(409, "{}") == ErrorKind::conflict);
  CHECK(kind_of(429, R"({"error":"rate_limit"})") == ErrorKind::rate_limited);
  CHECK(kind_of(307, "") == ErrorKind::bad_response);
}

TEST_CASE("the service's words are quoted, its list of faults too, and never as HTML") {
  Bench bench;
  bench.http.reply(422, R"({"detail":[{"loc":["duration"],"msg":"too long"}],"error":"x"})");
  CHECK(bench.client.start_run(kKey, kAgent, {}, {}).error().message.find("too long") !=
        std::string::npos);
  bench.http.reply(400, R"({"detail":"<b>bold</b>"})");
  CHECK(bench.client.start_run(kKey, kAgent, {}, {}).error().message.find("bold") ==
        std::string::npos);
}

TEST_CASE("resuming a run that is not over is a conflict that says so") {
  Bench bench;
  bench.http.reply(409, R"({"detail":"Only failed or cancelled runs can be resumed"})");
  const auto resumed = bench.client.resume(kKey, kRun, {});
  REQUIRE_FALSE(resumed);
  CHECK(resumed.error().kind == ErrorKind::conflict);
  CHECK(resumed.error().next_step.find("get_clip_status") != std::string::npos);
  CHECK(bench.only_request().url.ends_with(std::string("/agent_run/") + kRun + "/resume"));
}

TEST_CASE("all runs of an agent are listed, page by page, up to a limit") {
  Bench bench;
  bench.http.reply(200, R"({"runs":[{"run_id":"c"},{"run_id":"b"}],"next_cursor":"p 2"})");
  bench.http.reply(200, R"({"runs":[{"id":"a"}],"next_cursor":null})");
  const auto runs = bench.client.run_ids(kKey, kAgent, {});
  REQUIRE(runs);
  CHECK(*runs == std::vector<std::string>{"c", "b", "a"});
  CHECK(bench.http.sent()[0].url.ends_with("/runs?limit=100"));
  CHECK(bench.http.sent()[1].url.ends_with("/runs?limit=100&cursor=p%202"));

  for (int i = 0; i < mosaic::Client::kMaxRunPages; ++i) {
    bench.http.reply(200, R"({"data":[],"next_cursor":"more"})");
  }
  CHECK_FALSE(bench.client.run_ids(kKey, kAgent, {}));
  CHECK(bench.http.answers_left() == 0);
}

TEST_CASE("a list in which a run cannot be told from others is no list") {
  for (const char* body : {R"({"runs":[{"status":"running"}]})", R"({"total":0})", "7"}) {
    CAPTURE(body);
    Bench bench;
    bench.http.reply(200, body);
    const auto runs = bench.client.run_ids(kKey, kAgent, {});
    REQUIRE_FALSE(runs);
    CHECK(runs.error().kind == ErrorKind::bad_response);
  }
}

TEST_CASE("a run is read with what the vendor's page names; other shapes count as absent") {
  Bench bench;
  bench.http.reply(200, R"({"agent_id":"a","started_at":"2026-11-21T10:00:00Z","status":"failed",
    "status_message":"It broke","needs_credits":false,
    "errors":["plain",{"message":"told"},{"code":7},null],
    "node_status_counts":{"completed":1,"in_progress":0,"failed":1},"inputs":[],
    "outputs":[{"id":"o","video_url":"https://v","thumbnail_url":null,"completed_at":"t"},7]})");
  const auto run = bench.client.run(kKey, kRun, {});
  REQUIRE(run);
  CHECK(run->run_id == kRun);
  CHECK(run->agent_id == "a");
  CHECK(run->errors == std::vector<std::string>{"plain", "told", R"({"code":7})"});
  REQUIRE(run->outputs.size() == 1);
  CHECK(run->outputs[0].video_url == "https://v");
  CHECK_FALSE(run->outputs[0].thumbnail_url);
  CHECK(run->node_status_counts["failed"] == 1);
  bench.http.reply(200, R"({"agent_id":"a"})");
  CHECK(bench.client.run(kKey, kRun, {}).error().kind == ErrorKind::bad_response);
}

TEST_CASE("a key of another service, and an id that is none, never leave the process") {
  Bench bench;
  for (const char* key : {"", "motion_key", "mk_two words", "mk_new\nline"}) {
    CAPTURE(key);
    CHECK(bench.client.run(key, kRun, {}).error().kind == ErrorKind::no_credential);
  }
  for (const char* id : {"", ".", ".."}) {
    CHECK(bench.client.run(kKey, id, {}).error().kind == ErrorKind::invalid_argument);
  }
  CHECK(bench.http.sent().empty());
  bench.http.reply(200, R"({"status":"running"})");
  REQUIRE(bench.client.run(kKey, "a/../b?c", {}));
  CHECK(bench.only_request().url == "https://api.mosaic.example/agent_run/a%2F..%2Fb%3Fc");
}

TEST_CASE("the account is read with two free requests") {
  Bench bench;
  bench.http.reply(200, R"({"organization_name":"Acme"})");
  bench.http.reply(200, R"({"balance":12})");
  CHECK((*bench.client.whoami(kKey, {}))["organization_name"] == "Acme");
  CHECK((*bench.client.credits(kKey, {}))["balance"] == 12);
  CHECK(bench.http.sent()[0].method == "GET");
  CHECK(bench.http.sent()[1].url == "https://api.mosaic.example/credits");
}
