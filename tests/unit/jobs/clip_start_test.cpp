// Starting a clip: an agent, its node, a run. These tests break every step and try to have a clip
// paid for twice, a step done over that was done already, and one order's run taken for another's.
#include "jobs/clip_start.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/json_value.h"
#include "base/owner.h"
#include "fakes/manual_clock.h"
#include "fakes/scratch_folder.h"
#include "fakes/scripted_http_client.h"

using namespace motion_mcp;
using namespace std::chrono_literals;
using fakes::ScratchFolder;
using jobs::ClipStart;
using jobs::PaidOrder;
using jobs::Placed;

namespace {

constexpr const char* kKey = "mk_canary_key";
constexpr const char* kCreated = R"({"success":true,"agent_id":"agent-1"})";
constexpr const char* kAdded =
    R"({"created_nodes":[{"temp_ref_id":"clip","agent_node_id":"node-1"}]})";
constexpr const char* kRan = R"({"run_id":"run-1"})";
constexpr const char* kNoRuns = R"({"runs":[],"next_cursor":null})";

std::string runs(const std::vector<std::string>& ids) {
  Json list = Json::array();
  for (const auto& id : ids) list.push_back({{"run_id", id}});
  return Json{{"runs", list}, {"next_cursor", nullptr}}.dump();
}

// One server process.
struct Process {
  fakes::ScriptedHttpClient http;
  fakes::ManualClock& clock;
  mosaic::Client client{http, clock, {}};
  jobs::Ledger ledger;
  jobs::AgentBook agents;
  jobs::SpendGuard guard;
  jobs::OneAtATime turns;

  explicit Process(fakes::ManualClock& c, const std::string& path = jobs::Ledger::kInMemory,
                   std::chrono::seconds duplicate_window = 600s)
      : clock(c), ledger({path, true}, c), agents(path), guard(ledger, c, {duplicate_window, {}}) {}

  std::stop_source stop;  // of the caller

  Result<Placed> generate(const std::string& prompt, bool allow_duplicate = false,
                          const std::string& agent_id = "", const std::string& name = "clips") {
    jobs::ClipOrder wanted{agent_id, {name, "private"}, {}, ""};
    wanted.params.prompt = prompt;
    ClipStart start({client, agents, ledger, clock, turns}, kKey, wanted, stop.get_token());
    PaidOrder paid;
    paid.order.owner = base::owner_id(kKey);
    paid.order.tool = "generate_clip";
    paid.order.digest = prompt + agent_id + name;
    paid.order.prompt = prompt;
    paid.allow_duplicate = allow_duplicate;
    paid.prepare = [&](jobs::NewOrder& order) { return start.prepare(order); };
    paid.send = [&] { return start.send(); };
    paid.reconcile = [&](const std::string& trace, std::chrono::seconds age) {
      return start.reconcile(trace, age);
    };
    return guard.place(paid, stop.get_token());
  }

  // A start whose answer is lost, and the three looks at the list after it.
  void lose_start(const std::vector<std::string>& listed = {}) {
    http.fail(ErrorKind::interrupted);
    for (int i = 0; i < 3; ++i) http.reply(200, runs(listed));
  }
  // What a look at an agent shows that was made here.
  void show_node() {
    http.reply(200, R"([{"id":"node-1","node_type_id":")" +
                        std::string(mosaic::kVideoGenerationNode) + R"("}])");
  }

  // The requests so far, as "POST /agent/create".
  [[nodiscard]] std::vector<std::string> asked() const {
    std::vector<std::string> lines;
    for (const auto& request : http.sent()) {
      const std::string path = request.url.substr(request.url.find(".so/") + 3);
      lines.push_back(request.method + " " + path);
    }
    return lines;
  }
  [[nodiscard]] int runs_started() const {
    int count = 0;
    for (const auto& line : asked()) count += line.ends_with("/run") ? 1 : 0;
    return count;
  }
  void make_agent_with_node() {
    http.reply(200, kCreated);
    http.reply(200, kAdded);
  }
};

std::string run_of(const Result<Placed>& placed) {
  REQUIRE_MESSAGE(placed, placed.error().message);
  return placed->started.job_id;
}

}  // namespace

TEST_CASE("the first clip makes an agent and its node, the next one uses them again") {
  fakes::ManualClock clock;
  Process process(clock);
  process.make_agent_with_node();
  process.http.reply(200, kRan);
  CHECK(run_of(process.generate("one")) == "run-1");
  CHECK(process.asked() == std::vector<std::string>{"POST /agent/create",
                                                    "POST /agent/agent-1/update",
                                                    "POST /agent/agent-1/run"});
  CHECK(Json::parse(process.http.sent()[2].body) == Json::object());

  process.http.reply(200, runs({"run-1"}));
  process.http.reply(200, R"({"run_id":"run-2"})");
  const auto second = process.generate("two");
  CHECK(run_of(second) == "run-2");
  CHECK(jobs::clip_trace_from(second->trace).agent_id == "agent-1");
  CHECK(jobs::clip_trace_from(second->trace).node_id == "node-1");
  CHECK(process.asked().back() == "POST /agent/agent-1/run");
  const Json told = Json::parse(process.http.sent().back().body);
  CHECK(told["update_params"]["node-1"]["prompt"] == "two");
  CHECK(process.http.sent().size() == 5);
}

TEST_CASE("another process with the same file uses the agent again") {
  const ScratchFolder folder;
  fakes::ManualClock clock;
  const std::string path = folder / "mosaic.db";
  {
    Process process(clock, path);
    process.make_agent_with_node();
    process.http.reply(200, kRan);
    REQUIRE(process.generate("one"));
  }
  Process next(clock, path);
  CHECK(run_of(next.generate("one")) == "run-1");  // the same arguments: nothing is sent
  CHECK(next.http.sent().empty());
  next.http.reply(200, runs({"run-1"}));
  next.http.reply(200, R"({"run_id":"run-2"})");
  CHECK(run_of(next.generate("two")) == "run-2");
}

TEST_CASE("another name gets an agent of its own") {
  fakes::ManualClock clock;
  Process process(clock);
  process.make_agent_with_node();
  process.http.reply(200, kRan);
  REQUIRE(process.generate("one"));
  process.http.reply(200, R"({"agent_id":"agent-2"})");
  process.http.reply(200, kAdded);
  process.http.reply(200, R"({"run_id":"run-2"})");
  REQUIRE(process.generate("two", false, "", "another"));
  CHECK(process.asked().back() == "POST /agent/agent-2/run");
}

TEST_CASE("after each step that failed the next call goes on from there") {
  fakes::ManualClock clock;
  Process process(clock);
  process.http.reply(401, R"({"error":"invalid_api_key"})");
  auto failed = process.generate("one");
  REQUIRE_FALSE(failed);
  CHECK(failed.error().kind == ErrorKind::unauthenticated);
  CHECK(failed.error().message.find("no run was started") != std::string::npos);

  process.http.reply(200, kCreated);
  process.http.reply(422, R"({"detail":"duration"})");
  failed = process.generate("one");
  REQUIRE_FALSE(failed);
  CHECK(failed.error().spent == Spent::no);
  CHECK(failed.error().message.find("agent agent-1 exists") != std::string::npos);

  const std::size_t before = process.http.sent().size();
  process.http.reply(200, kAdded);
  process.http.reply(200, kNoRuns);
  process.http.reply(403, R"({"error":"insufficient_credits"})");
  failed = process.generate("one");
  REQUIRE_FALSE(failed);
  CHECK(process.asked().at(before) == "POST /agent/agent-1/update");
}

TEST_CASE("a run that is refused leaves agent and node for the next call") {
  fakes::ManualClock clock;
  Process process(clock);
  process.make_agent_with_node();
  process.http.reply(403, R"({"error":"insufficient_credits"})");
  const auto failed = process.generate("one");
  REQUIRE_FALSE(failed);
  CHECK(failed.error().kind == ErrorKind::insufficient_credits);
  CHECK(failed.error().spent == Spent::no);
  CHECK(failed.error().message.find("agent agent-1 and its node exist") != std::string::npos);
  process.http.reply(200, kNoRuns);
  process.http.reply(200, kRan);
  CHECK(run_of(process.generate("one")) == "run-1");
  CHECK(process.http.sent().size() == 5);
}

TEST_CASE("a node in doubt is never run: the next call makes an agent anew") {
  fakes::ManualClock clock;
  Process process(clock);
  process.http.reply(200, kCreated);
  process.http.fail(ErrorKind::interrupted);
  const auto failed = process.generate("one");
  REQUIRE_FALSE(failed);
  CHECK(failed.error().kind == ErrorKind::upstream_failure);
  CHECK(failed.error().spent == Spent::no);
  process.http.reply(200, R"({"agent_id":"agent-2"})");
  process.http.reply(200, kAdded);
  process.http.reply(200, kRan);
  CHECK(run_of(process.generate("one")) == "run-1");
  CHECK(process.asked().back() == "POST /agent/agent-2/run");
}

TEST_CASE("a node that the service does not name is run once, and its agent not used again") {
  fakes::ManualClock clock;
  Process process(clock);
  process.http.reply(200, kCreated);
  process.http.reply(200, R"({"success":true})");
  process.http.reply(200, kRan);
  CHECK(run_of(process.generate("one")) == "run-1");
  process.http.reply(200, R"({"agent_id":"agent-2"})");
  process.http.reply(200, kAdded);
  process.http.reply(200, R"({"run_id":"run-2"})");
  CHECK(run_of(process.generate("two")) == "run-2");
}

TEST_CASE("such an agent is not used again either when its start was looked up") {
  for (const char* given : {"", "given"}) {
    fakes::ManualClock clock;
    Process process(clock);
    if (*given == '\0') {
      process.http.reply(200, R"({"agent_id":"given"})");
    } else {
      process.http.reply(200, R"({"nodes":[]})");
    }
    process.http.reply(200, R"({"success":true})");
    if (*given != '\0') {
      process.show_node();
      process.http.reply(200, kNoRuns);
    }
    process.http.fail(ErrorKind::interrupted);
    process.http.reply(200, runs({"run-1"}));
    CHECK(run_of(process.generate("one", false, given)) == "run-1");

    process.http.reply(200, R"({"agent_id":"agent-2"})");
    process.http.reply(200, kAdded);
    process.http.reply(200, R"({"run_id":"run-2"})");
    CHECK(run_of(process.generate("two")) == "run-2");
    CHECK(process.asked().back() == "POST /agent/agent-2/run");
    CHECK(process.http.answers_left() == 0);
  }
}

TEST_CASE("a node is added to an agent once, whoever starts a clip meanwhile or dies over it") {
  for (const bool was_refused_before : {false, true}) {
    const ScratchFolder folder;
    fakes::ManualClock clock;
    Process one(clock, folder / "mosaic.db");
    Process two(clock, folder / "mosaic.db");
    one.http.reply(200, kCreated);
    if (was_refused_before) {
      one.http.reply(422, R"({"detail":"duration"})");
      REQUIRE_FALSE(one.generate("refused"));
    }
    one.http.reply_with([&](const auto&, const auto&) {
      two.http.reply(200, R"({"agent_id":"agent-2"})");
      two.http.reply(200, kAdded);
      two.http.reply(200, R"({"run_id":"run-2"})");
      CHECK(run_of(two.generate("two")) == "run-2");
      return Result<net::HttpResponse>(net::HttpResponse{200, {}, kAdded});
    });
    if (was_refused_before) one.http.reply(200, kNoRuns);
    one.http.reply(200, kRan);
    CHECK(run_of(one.generate("one")) == "run-1");
    CHECK(one.asked().back() == "POST /agent/agent-1/run");
    CHECK(two.asked().back() == "POST /agent/agent-2/run");
  }
}

TEST_CASE("two nodes that were added to a given agent at once are never run") {
  fakes::ManualClock clock;
  Process process(clock);
  process.http.reply(200, R"({"nodes":[]})");
  process.http.reply(200, kAdded);
  const std::string node =
      R"({"id":"n","node_type_id":")" + std::string(mosaic::kVideoGenerationNode) + "\"}";
  const std::string two = R"({"nodes":[)" + node + "," + node + "]}";
  for (int i = 0; i < 2; ++i) {
    process.http.reply(200, two);
    const auto refused = process.generate("one", false, "given");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::conflict);
  }
  CHECK(process.runs_started() == 0);
}

TEST_CASE("a start whose caller left while it was sent is seen through, and looked for") {
  for (const bool is_answered : {true, false}) {
    fakes::ManualClock clock;
    Process process(clock);
    process.make_agent_with_node();
    process.http.reply_with([&](const auto&, const std::stop_token& abort) {
      process.stop.request_stop();
      CHECK_FALSE(abort.stop_requested());
      if (is_answered) return Result<net::HttpResponse>(net::HttpResponse{200, {}, kRan});
      return Result<net::HttpResponse>(Error{ErrorKind::interrupted, "cut"});
    });
    if (!is_answered) process.http.reply(200, runs({"run-1"}));
    CHECK(run_of(process.generate("one")) == "run-1");
    CHECK(process.runs_started() == 1);
  }
}

TEST_CASE("an agent that was deleted meanwhile, or is full of runs, is replaced in the same call") {
  std::vector<std::string> many;
  for (std::size_t i = 0; i <= jobs::kMostRunsOfAnAgent; ++i) {
    many.push_back("old-" + std::to_string(i));
  }
  const std::vector<std::pair<int, std::string>> answers = {{404, R"({"error":"not_found"})"},
                                                            {200, runs(many)}};
  for (const auto& [status, body] : answers) {
    fakes::ManualClock clock;
    Process process(clock);
    process.make_agent_with_node();
    process.http.reply(200, kRan);
    REQUIRE(process.generate("one"));
    process.http.reply(status, body);
    process.http.reply(200, R"({"agent_id":"agent-2"})");
    process.http.reply(200, kAdded);
    process.http.reply(200, R"({"run_id":"run-2"})");
    CHECK(run_of(process.generate("two")) == "run-2");
    CHECK(process.asked().back() == "POST /agent/agent-2/run");
  }
}

TEST_CASE("a start without an answer is found among the agent's runs, and not started again") {
  fakes::ManualClock clock;
  Process process(clock);
  process.make_agent_with_node();
  process.http.fail(ErrorKind::interrupted);
  process.http.reply(200, kNoRuns);
  process.http.reply(200, runs({"run-1"}));
  CHECK(run_of(process.generate("one")) == "run-1");
  CHECK(process.runs_started() == 1);
  CHECK(run_of(process.generate("one")) == "run-1");
  CHECK(process.runs_started() == 1);
}

TEST_CASE("a run that shows late is found by the next call, in another process too") {
  const ScratchFolder folder;
  fakes::ManualClock clock;
  const std::string path = folder / "mosaic.db";
  {
    Process process(clock, path);
    process.make_agent_with_node();
    process.lose_start();
    const auto lost = process.generate("one");
    REQUIRE_FALSE(lost);
    CHECK(lost.error().kind == ErrorKind::outcome_unknown);
    CHECK(lost.error().spent == Spent::unknown);
  }
  Process next(clock, path);
  next.http.reply(200, runs({"run-1"}));
  CHECK(run_of(next.generate("one")) == "run-1");
  CHECK(next.runs_started() == 0);
  // Known from now on.
  CHECK(run_of(next.generate("one")) == "run-1");
  CHECK(next.http.sent().size() == 1);
}

TEST_CASE("only when no run shows after the time for it is another started") {
  fakes::ManualClock clock;
  Process process(clock);
  process.make_agent_with_node();
  process.lose_start();
  REQUIRE_FALSE(process.generate("one"));

  clock.advance(10s);
  for (int i = 0; i < 3; ++i) process.http.reply(200, kNoRuns);
  const auto too_soon = process.generate("one");
  REQUIRE_FALSE(too_soon);
  CHECK(too_soon.error().kind == ErrorKind::outcome_unknown);
  CHECK(too_soon.error().message.find("nothing was sent now") != std::string::npos);
  CHECK(process.runs_started() == 1);

  clock.advance(jobs::kRunShowsWithin);
  process.http.reply(200, kNoRuns);  // it was not taken
  process.http.reply(200, kNoRuns);  // the agent is good for another start
  process.http.reply(200, R"({"run_id":"run-2"})");
  CHECK(run_of(process.generate("one")) == "run-2");
  CHECK(process.runs_started() == 2);
}

TEST_CASE("a start in doubt is looked for before it is repeated, whatever the window and the age") {
  struct Times {
    std::chrono::seconds window;
    std::chrono::seconds age;
  };
  for (const Times& times : {Times{0s, 0s}, Times{0s, 90s}, Times{600s, 86400s}}) {
    const auto window = times.window;
    const auto age = times.age;
    CAPTURE(window.count());
    CAPTURE(age.count());
    fakes::ManualClock clock;
    Process process(clock, jobs::Ledger::kInMemory, window);
    process.make_agent_with_node();
    process.lose_start();
    REQUIRE_FALSE(process.generate("one"));
    clock.advance(age);
    process.http.reply(200, runs({"run-1"}));
    CHECK(run_of(process.generate("one")) == "run-1");
    CHECK(process.runs_started() == 1);

    // Known to be started now: from here the window alone decides.
    process.http.reply(200, runs({"run-1"}));
    process.http.reply(200, R"({"run_id":"run-2"})");
    CHECK(run_of(process.generate("one")) == (window > 0s && age < window ? "run-1" : "run-2"));
  }
}

TEST_CASE("a start in doubt on an agent that is gone cannot be looked up, and is not repeated") {
  fakes::ManualClock clock;
  Process process(clock);
  process.make_agent_with_node();
  process.lose_start();
  REQUIRE_FALSE(process.generate("one"));
  clock.advance(2 * jobs::kRunShowsWithin);
  process.http.reply(404, R"({"detail":"Agent not found"})");
  const auto gone = process.generate("one");
  REQUIRE_FALSE(gone);
  CHECK(gone.error().spent == Spent::unknown);
  CHECK(gone.error().next_step.find("allow_duplicate=true") != std::string::npos);
  CHECK(process.runs_started() == 1);
}

TEST_CASE("an agent that a caller names is not used while a start on it is in doubt") {
  fakes::ManualClock clock;
  Process process(clock);
  process.make_agent_with_node();
  process.lose_start();
  REQUIRE_FALSE(process.generate("one"));

  process.show_node();
  const auto named = process.generate("two", false, "agent-1");
  REQUIRE_FALSE(named);
  CHECK(named.error().kind == ErrorKind::conflict);
  CHECK(named.error().spent == Spent::no);
  CHECK(named.error().message.find("agent-1") != std::string::npos);
  CHECK(process.runs_started() == 1);
}

TEST_CASE("an agent of ours with a start in doubt that a caller named it for is put aside") {
  fakes::ManualClock clock;
  Process process(clock);
  process.make_agent_with_node();
  process.http.reply(200, kRan);
  REQUIRE(process.generate("one"));
  process.show_node();
  process.http.reply(200, runs({"run-1"}));
  process.lose_start({"run-1"});
  REQUIRE_FALSE(process.generate("two", false, "agent-1"));

  process.http.reply(200, runs({"run-1"}));
  process.http.reply(200, R"({"agent_id":"agent-2"})");
  process.http.reply(200, kAdded);
  process.http.reply(200, R"({"run_id":"run-3"})");
  CHECK(run_of(process.generate("three")) == "run-3");
  CHECK(process.asked().back() == "POST /agent/agent-2/run");
}

TEST_CASE("a refused prompt keeps the agent, a refused node does not") {
  fakes::ManualClock clock;
  Process process(clock);
  process.make_agent_with_node();
  process.http.reply(200, kRan);
  REQUIRE(process.generate("one"));
  process.http.reply(200, runs({"run-1"}));
  process.http.reply(422, R"({"detail":"prompt was moderated"})");
  const auto moderated = process.generate("two");
  REQUIRE_FALSE(moderated);
  CHECK(moderated.error().message.find("agent agent-1 and its node exist") != std::string::npos);

  process.http.reply(200, runs({"run-1"}));
  process.http.reply(400, R"({"detail":"update_params: unknown agent node"})");
  const auto unfit = process.generate("three");
  REQUIRE_FALSE(unfit);
  CHECK(unfit.error().message.find("agent agent-1 is not used again") != std::string::npos);
  process.http.reply(200, R"({"agent_id":"agent-2"})");
  process.http.reply(200, kAdded);
  process.http.reply(200, R"({"run_id":"run-3"})");
  CHECK(run_of(process.generate("three")) == "run-3");
}

TEST_CASE("while the list cannot be read nothing is started again, however late") {
  fakes::ManualClock clock;
  Process process(clock);
  process.make_agent_with_node();
  process.http.fail(ErrorKind::interrupted);
  process.http.reply(500, "{}");
  REQUIRE_FALSE(process.generate("one"));
  clock.advance(2 * jobs::kRunShowsWithin);
  process.http.reply(500, "{}");
  const auto still = process.generate("one");
  REQUIRE_FALSE(still);
  CHECK(still.error().kind == ErrorKind::outcome_unknown);
  CHECK(process.runs_started() == 1);
}

TEST_CASE("runs from before, and those of other orders, are not taken for the lost one") {
  fakes::ManualClock clock;
  Process process(clock);
  process.make_agent_with_node();
  process.http.reply(200, kRan);
  REQUIRE(process.generate("one"));

  process.http.reply(200, runs({"run-1", "run-from-elsewhere"}));
  process.lose_start({"run-1", "run-from-elsewhere"});
  REQUIRE_FALSE(process.generate("two"));
  process.http.reply(200, runs({"run-2", "run-1", "run-from-elsewhere"}));
  CHECK(run_of(process.generate("two")) == "run-2");
}

TEST_CASE(
    "an agent with a start in doubt is put aside, so that each run found is known for whose") {
  fakes::ManualClock clock;
  Process process(clock);
  process.make_agent_with_node();
  process.lose_start();
  REQUIRE_FALSE(process.generate("one"));

  process.http.reply(200, R"({"agent_id":"agent-2"})");
  process.http.reply(200, kAdded);
  process.http.reply(200, R"({"run_id":"run-of-two"})");
  CHECK(run_of(process.generate("two")) == "run-of-two");
  process.http.reply(200, runs({"run-of-one"}));
  CHECK(run_of(process.generate("one")) == "run-of-one");
}

TEST_CASE("several runs that nobody here started are named, and none is guessed") {
  fakes::ManualClock clock;
  Process process(clock);
  process.make_agent_with_node();
  process.http.fail(ErrorKind::interrupted);
  process.http.reply(200, runs({"run-a", "run-b"}));
  REQUIRE_FALSE(process.generate("one"));
  process.http.reply(200, runs({"run-a", "run-b"}));
  const auto unknown = process.generate("one");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().message.find("run-a, run-b") != std::string::npos);
  CHECK(unknown.error().next_step.ends_with("call generate_clip again with allow_duplicate=true."));
  CHECK(process.runs_started() == 1);
}

TEST_CASE("what to do about several runs on a given agent is no circle") {
  fakes::ManualClock clock;
  Process process(clock);
  process.show_node();
  process.http.reply(200, kNoRuns);
  process.http.fail(ErrorKind::interrupted);
  process.http.reply(200, runs({"run-a", "run-b"}));
  REQUIRE_FALSE(process.generate("one", false, "given"));
  process.http.reply(200, runs({"run-a", "run-b"}));
  const auto unknown = process.generate("one", false, "given");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().next_step.ends_with("allow_duplicate=true and without agent_id."));
  process.make_agent_with_node();
  process.http.reply(200, kRan);
  CHECK(run_of(process.generate("one", true)) == "run-1");
}

TEST_CASE("a given agent is looked at: its node is used, and two are refused") {
  const std::string node = R"({"agent_node_id":"its-node","node_type_id":")" +
                           std::string(mosaic::kVideoGenerationNode) + "\"}";
  fakes::ManualClock clock;
  Process process(clock);
  process.http.reply(200, R"({"agent_id":"given","nodes":[)" + node + "]}");
  process.http.reply(200, runs({"older"}));
  process.http.reply(200, kRan);
  CHECK(run_of(process.generate("one", false, "given")) == "run-1");
  CHECK(Json::parse(process.http.sent().back().body)["update_params"].contains("its-node"));
  // Known from now on.
  process.http.reply(200, runs({"older", "run-1"}));
  process.http.reply(200, R"({"run_id":"run-2"})");
  CHECK(run_of(process.generate("two", false, "given")) == "run-2");

  process.http.reply(200, R"({"nodes":[)" + node + "," + node + "]}");
  const auto two = process.generate("three", false, "crowded");
  REQUIRE_FALSE(two);
  CHECK(two.error().kind == ErrorKind::conflict);
  process.http.reply(200, R"({"surprise":true})");
  CHECK_FALSE(process.generate("four", false, "opaque"));
  CHECK(process.runs_started() == 2);
}

TEST_CASE("a given agent without a node gets one, which is found again when its answer was lost") {
  fakes::ManualClock clock;
  Process process(clock);
  process.http.reply(200, R"({"nodes":[]})");
  process.http.fail(ErrorKind::interrupted);
  REQUIRE_FALSE(process.generate("one", false, "given"));
  process.http.reply(200, R"({"nodes":[{"id":"n","node_type_id":")" +
                              std::string(mosaic::kVideoGenerationNode) + "\"}]}");
  process.http.reply(200, kNoRuns);
  process.http.reply(200, kRan);
  CHECK(run_of(process.generate("one", false, "given")) == "run-1");
}
