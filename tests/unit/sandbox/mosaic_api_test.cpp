// The sandbox's Mosaic stands where the vendor stands. These tests hold it against the vendor's
// pages and try to have it run something for nothing, or charge for nothing.
#include <doctest/doctest.h>

#include <string>

#include "base/json_value.h"
#include "fakes/manual_clock.h"
#include "sandbox/mosaic_run.h"
#include "sandbox/sandbox.h"
#include "unit/motion/vendor_example.h"

using namespace motion_mcp;
using namespace std::chrono_literals;
using fakes::vendor_json;

namespace {

struct Bench {
  fakes::ManualClock clock;
  sandbox::Sandbox sandbox{clock, 1, "http://127.0.0.1:1"};
  std::string key = "mk_one";

  sandbox::Reply send(const std::string& method, const std::string& target,
                      const Json& body = nullptr) {
    sandbox::Request request{
        method,       target, "Bearer " + key, "application/json", "sandbox:80",
        std::nullopt, "",     std::nullopt};
    if (!body.is_null()) request.body = body.dump();
    return sandbox.handle(request);
  }
  Json post(const std::string& path, const Json& body, int status = 200) {
    const auto reply = send("POST", "/mosaic/" + path, body);
    CAPTURE(reply.body);
    CHECK(reply.status == status);
    return Json::parse(reply.body);
  }
  Json get(const std::string& path, int status = 200) {
    const auto reply = send("GET", "/mosaic/" + path);
    CAPTURE(reply.body);
    CHECK(reply.status == status);
    return Json::parse(reply.body);
  }
  std::string make_agent(const std::string& prompt = "A fox.") {
    const std::string agent = post("agent/create", {{"name", "n"}})["agent_id"];
    post("agent/" + agent + "/update",
         {{"operations", Json::array({{{"op", "create_node"},
                                       {"node_type_id", "a2eb3ec2-da7a-4f97-94d2-a9a537548522"},
                                       {"temp_ref_id", "clip"},
                                       {"params_used", {{"prompt", prompt}}}}})}});
    return agent;
  }
  std::string start(const std::string& prompt = "A fox.") {
    return post("agent/" + make_agent(prompt) + "/run", Json::object())["run_id"];
  }
  Json totals() { return Json::parse(send("GET", "/_sandbox/mosaic").body)["totals"]; }
};

}  // namespace

TEST_CASE("the vendor's three examples make a clip") {
  Bench bench;
  const Json created = bench.post("agent/create", vendor_json("mosaic-create-request"));
  CHECK(created["success"] == true);
  CHECK(created["created_nodes"].empty());
  const std::string agent = created["agent_id"];
  const Json updated =
      bench.post("agent/" + agent + "/update", vendor_json("mosaic-update-request"));
  REQUIRE(updated["created_nodes"].size() == 1);
  CHECK(updated["created_nodes"][0]["agent_node_id"].is_string());
  const Json run = bench.post("agent/" + agent + "/run", vendor_json("mosaic-run-request"));
  const std::string path = "agent_run/" + run["run_id"].get<std::string>();
  const Json running = bench.get(path);
  CHECK(running["status"] == "running");
  CHECK(running["node_status_counts"]["in_progress"] == 1);
  bench.clock.advance(sandbox::kClipTakes);
  const Json done = bench.get(path);
  CHECK(done["status"] == "completed");
  REQUIRE(done["outputs"].size() == 1);
  for (const char* field : {"agent_id", "started_at", "status", "status_message", "needs_credits",
                            "errors", "node_status_counts", "inputs", "outputs"}) {
    CHECK(done.contains(field));
  }
  const std::string link = done["outputs"][0]["video_url"];
  REQUIRE(link.starts_with("http://sandbox:80/_sandbox/clips/"));
  sandbox::Request file{"GET", link.substr(17), {}, {}, {}, {}, "", {}};
  CHECK(bench.sandbox.handle(file).status == 200);
  CHECK(bench.sandbox.handle(file).body.substr(4, 4) == "ftyp");
  bench.clock.advance(std::chrono::hours(24 * 7) - 1s);
  CHECK(bench.sandbox.handle(file).status == 200);
  bench.clock.advance(2s);
  CHECK(bench.sandbox.handle(file).status == 403);
  file.authorization = "Bearer mk_one";
  CHECK(bench.sandbox.handle(file).status == 400);
}

TEST_CASE("the vendor's example of node parameters is good, and each of its rules holds") {
  Bench bench;
  const std::string agent = bench.post("agent/create", {{"name", "n"}})["agent_id"];
  const auto add = [&](const Json& params, int status) {
    return bench.post(
        "agent/" + agent + "/update",
        {{"operations", Json::array({{{"op", "create_node"},
                                      {"node_type_id", "a2eb3ec2-da7a-4f97-94d2-a9a537548522"},
                                      {"params_used", params}}})}},
        status);
  };
  const Json good = vendor_json("mosaic-node-params");
  add(good, 200);
  const auto with = [&](const char* name, const Json& value) {
    Json params = good;
    params[name] = value;
    return params;
  };
  add(with("duration", 8), 422);
  add(with("duration", "3"), 422);
  add(with("duration", "16"), 422);
  add(with("resolution", "4k"), 422);
  add(with("aspect_ratio", "4:5"), 422);
  add(with("model", "sora"), 422);
  add(with("generate_audio", "yes"), 400);
  add(with("prompt", ""), 400);
  add(with("fps", 24), 400);
  add(with("selected_context", {{"images", {"id"}}, {"documents", Json::array()}}), 400);
  add(with("selected_context", {{"images", {"id"}}, {"videos", Json::array()}}), 200);
  add(with("prompt", "sandbox:nonsense"), 400);
  CHECK(bench.totals()["nodes"] == 2);
}

TEST_CASE("creation takes no graph, and a run no video inputs and no node that is not there") {
  Bench bench;
  bench.post("agent/create", {{"name", "n"}, {"nodes", Json::array()}}, 400);
  bench.post("agent/create", {{"name", std::string(121, 'n')}}, 400);
  bench.post("agent/create", {{"visibility", "private"}}, 400);
  const std::string empty = bench.post("agent/create", {{"name", "n"}})["agent_id"];
  bench.post("agent/" + empty + "/run", Json::object(), 400);
  const std::string agent = bench.make_agent();
  bench.post("agent/" + agent + "/run", {{"video_inputs", {"v"}}}, 400);
  bench.post("agent/" + agent + "/run", {{"update_params", {{"nobody", {{"prompt", "x"}}}}}}, 404);
  CHECK(bench.totals()["runs"] == 0);
  CHECK(bench.totals()["posts"] == 3);
}

TEST_CASE("what an agent is told for one run holds for that run alone, and each node is paid for") {
  Bench bench;
  const std::string agent = bench.make_agent("First.");
  const Json nodes = bench.get("agent/" + agent)["nodes"];
  REQUIRE(nodes.size() == 1);
  const std::string node = nodes[0]["agent_node_id"];
  bench.post("agent/" + agent + "/run", {{"update_params", {{node, {{"prompt", "Second."}}}}}});
  bench.post("agent/" + agent + "/run", Json::object());
  const Json ledger = Json::parse(bench.send("GET", "/_sandbox/mosaic").body);
  CHECK(ledger["runs"][0]["prompt"] == "Second.");
  CHECK(ledger["runs"][1]["prompt"] == "First.");
  CHECK(ledger["totals"]["clips"] == 2);
}

TEST_CASE("an account sees its own agents and runs, and none without a key") {
  Bench bench;
  const std::string agent = bench.make_agent();
  const std::string run = bench.post("agent/" + agent + "/run", Json::object())["run_id"];
  bench.key = "mk_two";
  bench.get("agent/" + agent, 404);
  bench.get("agent_run/" + run, 404);
  bench.post("agent/" + agent + "/run", Json::object(), 404);
  for (const char* key : {"", "motion_one", "mk_"}) {
    bench.key = key;
    CHECK(bench.get("whoami", 401)["error"] == "invalid_api_key");
  }
}

TEST_CASE("runs are listed newest first, in pages") {
  Bench bench;
  const std::string agent = bench.make_agent();
  std::vector<std::string> started;
  for (int i = 0; i < 3; ++i) {
    started.push_back(bench.post("agent/" + agent + "/run", Json::object())["run_id"]);
  }
  bench.start();  // another agent's
  const Json first = bench.get("agent/" + agent + "/runs?limit=2");
  REQUIRE(first["runs"].size() == 2);
  CHECK(first["runs"][0]["run_id"] == started[2]);
  const Json rest = bench.get("agent/" + agent +
                              "/runs?limit=2&cursor=" + first["next_cursor"].get<std::string>());
  REQUIRE(rest["runs"].size() == 1);
  CHECK(rest["runs"][0]["run_id"] == started[0]);
  CHECK(rest["next_cursor"].is_null());
  bench.get("agent/" + agent + "/runs?limit=101", 422);
}

TEST_CASE("each case of a prompt does what the table says") {
  Bench bench;
  const auto at_end = [&](const std::string& prompt) {
    const std::string run = bench.start(prompt);
    bench.clock.advance(sandbox::kClipTakes);
    return bench.get("agent_run/" + run);
  };
  CHECK(at_end("sandbox:fail")["status"] == "failed");
  CHECK(at_end("sandbox:fail now")["errors"].size() == 1);
  const Json partial = at_end("sandbox:partial");
  CHECK(partial["status"] == "partial_complete");
  CHECK(partial["outputs"].size() == 1);
  const Json blocked = at_end("sandbox:credits-run-out");
  CHECK(blocked["status"] == "running");
  CHECK(blocked["needs_credits"] == true);
  CHECK(at_end("sandbox:stuck")["status"] == "running");
  CHECK(at_end("sandbox:slow")["status"] == "running");
  const auto refused = [&](const std::string& prompt, int status) {
    const std::string agent = bench.make_agent(prompt);
    const auto runs_before = bench.totals()["runs"];
    bench.post("agent/" + agent + "/run", Json::object(), status);
    return bench.totals()["runs"].get<int>() - runs_before.get<int>();
  };
  CHECK(refused("sandbox:no-credits", 403) == 0);
  CHECK(refused("sandbox:error-500", 500) == 0);
  CHECK(refused("sandbox:charge-then-500", 500) == 1);
  const std::string busy = bench.make_agent("sandbox:rate-limit");
  bench.post("agent/" + busy + "/run", Json::object(), 429);
  bench.post("agent/" + busy + "/run", Json::object(), 200);
}

TEST_CASE("a run is cancelled while it runs, and resumed when it failed or was cancelled") {
  Bench bench;
  const std::string path = "agent_run/" + bench.start();
  bench.post(path + "/resume", Json::object(), 409);
  const Json cancelled = bench.post(path + "/cancel", Json::object());
  CHECK(cancelled["tasks_cancelled"] == 1);
  CHECK(bench.get(path)["status"] == "cancelled");
  bench.post(path + "/cancel", Json::object(), 409);
  bench.post(path + "/resume", Json::object());
  CHECK(bench.get(path)["status"] == "running");
  bench.clock.advance(sandbox::kClipTakes);
  CHECK(bench.get(path)["status"] == "completed");
  bench.post(path + "/resume", Json::object(), 409);

  const std::string failing = "agent_run/" + bench.start("sandbox:fail");
  bench.clock.advance(sandbox::kClipTakes);
  bench.post(failing + "/resume", Json::object());
  bench.clock.advance(sandbox::kClipTakes);
  CHECK(bench.get(failing)["status"] == "completed");
  CHECK(bench.totals()["runs"] == 2);  // a resumed run is no new one
}

TEST_CASE("the account shows what the vendor's pages name") {
  Bench bench;
  CHECK(bench.get("whoami").contains("organization_name"));
  const Json credits = bench.get("credits");
  for (const char* field :
       {"organization_id", "balance", "plan", "plan_id", "billing_cycle", "auto_topup"}) {
    CHECK(credits.contains(field));
  }
}
