// Tries to have a task completed by the previous video, by a service that cannot be reached, or
// never; to lose it in a restart; and to make its pollers cost more reads than they must.
#include "tools/video_task.h"

#include "mcp/extension.h"
#include "mcp/server.h"
#include "mcp/task_id.h"
#include "unit/jobs/watch_bench.h"

using namespace motion_mcp;
using test::answer;
using namespace std::chrono_literals;

namespace {

Json followed_up() {
  Json body = test::ready_job();
  body["completed_at"] = "2026-04-28T23:20:00Z";
  body["output"] = {{"status", "completed"},
                    {"download_url", "https://e.com/new"},
                    {"completed_at", "2026-04-28T23:21:00Z"}};
  return body;
}

std::shared_ptr<const base::SealKeySource> seal_keys() {
  return std::make_shared<const base::SealKeySource>(
      *base::SealKeys::make({std::string(base::kSealKeyBytes, 'k')}));
}

// A process with nothing but its seal keys in common with the next; its ledger is memory.
struct Process : test::WatchBench {
  jobs::Ledger ledger{{}, clock};
  jobs::SpendGuard guard{ledger, clock, {}};
  tools::Approvals approvals{tools::Approvals::Ask::never, base::SealKeySource::of_this_process(),
                             clock};
  tools::Services services{client, baselines, clock, guard, *watcher, approvals, 50s};
  mcp::Server server;
  mcp::Connection connection;
  mcp::Caller caller{test::kKey};

  Process() : server({"motion-mcp", "Motion", "1.2.3", "", ""}, {tools()}, seal_keys(), clock) {}

  std::vector<mcp::Tool> tools() {
    std::vector<mcp::Tool> made;
    for (const auto& entry : tools::all_tools()) {
      if (entry.toolset == "motion") made.push_back({entry.definition, entry.make(services)});
    }
    return made;
  }

  Json ask(const std::string& method, Json params, const char* extension = mcp::kTasksExtension) {
    params["_meta"] = {{"io.modelcontextprotocol/protocolVersion", "2026-07-28"},
                       {"io.modelcontextprotocol/clientCapabilities",
                        {{"extensions", {{extension, Json::object()}}}}}};
    const Json message = {{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}};
    auto parsed = jsonrpc::parse(message.dump());
    mcp::Step step =
        server.accept(std::get<jsonrpc::Message>(std::move(parsed)), connection, caller);
    if (auto* work = std::get_if<mcp::Work>(&step)) {
      return Json::parse(work->run({{}, [](std::string_view) {}}).text);
    }
    return Json::parse(std::get<mcp::Reply>(step).text);
  }

  // The answer of the API to a POST, whatever a GET shows.
  void starts(const Json& shown) {
    service.says([shown](const net::HttpRequest& request, const auto&) {
      const Json started = {{"job_id", test::kJobId}, {"status", "queued"}};
      return request.method == "POST" ? answer(started, 202) : answer(shown);
    });
  }
  Json create(const char* prompt = "A fox") {
    starts(test::job("queued"));
    const Json arguments = {{"prompt", prompt}};
    return ask("tools/call", {{"name", "create_video"}, {"arguments", arguments}})["result"];
  }
  // Of a job whose video is ready.
  Json follow_up(const char* prompt = "Faster") {
    starts(test::ready_job());
    const Json arguments = {{"job_id", test::kJobId}, {"prompt", prompt}};
    return ask("tools/call", {{"name", "followup_video"}, {"arguments", arguments}})["result"];
  }
  // As the task stands some time later, when the last look is not good any more.
  Json get(const Json& task) {
    clock.advance(6s);
    return ask("tasks/get", {{"taskId", task["taskId"]}})["result"];
  }
};

Json structured(const Json& task) {
  return task["result"]["structuredContent"];
}

}  // namespace

TEST_CASE("create_video is a task that ends with the video, its link fresh at each look") {
  Process process;
  const Json task = process.create();
  CHECK(task["resultType"] == "task");
  CHECK(task["statusMessage"] == "The video is ordered; it takes minutes.");
  CHECK(task["pollIntervalMs"] == 5000);
  CHECK(task["ttlMs"] == 86'400'000);

  Json seen = process.get(task);
  CHECK(seen["status"] == "working");
  CHECK(seen["statusMessage"] == "The job is accepted and waits to start.");
  Json rendering = test::ready_job();
  rendering["output"] = {{"status", "processing"}};
  process.service.says(answer(rendering));
  CHECK(process.get(task)["status"] == "working");

  Json ready = test::ready_job();
  ready["updated_at"] = "2026-04-28T23:30:00Z";
  process.service.says(answer(ready));
  seen = process.get(task);
  CHECK(seen["status"] == "completed");
  CHECK(seen["lastUpdatedAt"] == "2026-04-28T23:30:00.000Z");
  CHECK(structured(seen)["ready"] == true);
  CHECK(structured(seen)["output"]["download_url"] == "https://e.com/a");
  CHECK_FALSE(seen["result"].contains("isError"));

  ready["output"]["download_url"] = "https://e.com/fresh";
  process.service.says(answer(ready));
  CHECK(structured(process.get(task))["output"]["download_url"] == "https://e.com/fresh");
}

TEST_CASE("clients that draw apps, or know no tasks, get the plain answer") {
  for (const char* extension : {mcp::kAppsExtension, "com.example/other"}) {
    Process process;
    process.starts(test::job("queued"));
    const Json result =
        process.ask("tools/call", {{"name", "create_video"}, {"arguments", {{"prompt", "A fox"}}}},
                    extension)["result"];
    CHECK(result["resultType"] == "complete");
    CHECK(result["structuredContent"]["job_id"] == test::kJobId);
  }
}

TEST_CASE("what a refused order says is the answer, and no task") {
  Process process;
  process.service.says(answer({{"error", "insufficient_credits"}}, 402));
  const Json result = process.ask(
      "tools/call", {{"name", "create_video"}, {"arguments", {{"prompt", "A fox"}}}})["result"];
  CHECK(result["resultType"] == "complete");
  CHECK(result["isError"] == true);
}

TEST_CASE("how a job shows as a task") {
  struct Row {
    const char* what;
    Json job;
    const char* status;
    bool is_error;
  };
  Json failed = test::job("failed");
  failed["error"] = "out of ideas";
  Json unrendered = test::ready_job();
  unrendered["output"] = {{"status", "failed"}, {"error", "disk"}};
  Json asking = test::job("awaiting_user_input");
  asking["pending_user_input"] = true;
  Json approving = test::job("awaiting_user_input");
  approving["pending_user_input"] = false;
  for (const Row& row : {Row{"queued", test::job("queued"), "working", false},
                         Row{"a word of tomorrow", test::job("dreaming"), "working", false},
                         Row{"approved by itself", approving, "working", false},
                         Row{"ready", test::ready_job(), "completed", false},
                         Row{"failed", failed, "completed", true},
                         Row{"its file failed", unrendered, "completed", true},
                         Row{"it waits for a person", asking, "completed", false}}) {
    CAPTURE(row.what);
    Process process;
    const Json task = process.create();
    process.service.says(answer(row.job));
    const Json seen = process.get(task);
    CHECK(seen["status"] == row.status);
    if (seen["status"] == "working") continue;
    CHECK(seen["result"].value("isError", false) == row.is_error);
    CHECK(structured(seen)["job_id"] == test::kJobId);
    CHECK(seen["result"]["content"][0]["text"].get<std::string>().find("Next: ") !=
          std::string::npos);
  }
}

TEST_CASE("a service that cannot be asked leaves the task working, and the message says so") {
  struct Row {
    const char* what;
    std::function<void(test::Service&)> says;
    int poll_ms;
  };
  const std::vector<Row> rows = {
      {"unreachable",
       [](auto& service) {
         service.says(Error{ErrorKind::unreachable, "connection refused"});
       },
       5000},
      {"cut",
       [](auto& service) {
         service.says(Error{ErrorKind::interrupted, "cut"});
       },
       5000},
      {"500",
       [](auto& service) {
         service.says(answer({{"error", "boom"}}, 500));
       },
       5000},
      {"nonsense", [](auto& service) { service.says(answer("nonsense")); }, 5000},
      {"429",
       [](auto& service) {
         service.says(answer({{"error", "slow down"}}, 429, {{"Retry-After", "37"}}));
       },
       37000},
      {"our own defect",
       [](auto& service) {
         service.says(Error{ErrorKind::internal, "oops"});
       },
       5000}};
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Process process;
    const Json task = process.create();
    row.says(process.service);
    const Json seen = process.get(task);
    CHECK(seen["status"] == "working");
    CHECK(seen["statusMessage"].get<std::string>().find("the job itself goes on") !=
          std::string::npos);
    CHECK(seen["pollIntervalMs"] == row.poll_ms);
    process.service.says(answer(test::ready_job()));
    process.clock.advance(40s);
    CHECK(process.get(task)["status"] == "completed");
  }
}

TEST_CASE("a refusal that lasts ends the task with what to do") {
  for (const int status : {401, 404}) {
    Process process;
    const Json task = process.create();
    process.service.says(answer({{"error", "no"}}, status));
    const Json seen = process.get(task);
    CHECK(seen["status"] == "completed");
    CHECK(seen["result"]["isError"] == true);
    CHECK(seen["result"]["_meta"]["motion-mcp/error"]["job_id"] == test::kJobId);
    CHECK(seen["result"]["content"][0]["text"].get<std::string>().starts_with(
        "create_video failed and nothing was spent"));
  }
}

TEST_CASE("one who asks every 100 ms costs a read every 2 s") {
  Process process;
  const Json task = process.create();
  const std::size_t before = process.service.count();
  for (int i = 0; i < 60; ++i) {
    process.ask("tasks/get", {{"taskId", task["taskId"]}});
    process.clock.advance(100ms);
  }
  CHECK(process.service.count() - before == 3);
}

TEST_CASE("pollers slow down with a long job, to the pace of the watcher") {
  Process process;
  const Json task = process.create();
  CHECK(process.get(task)["pollIntervalMs"] == 5000);
  process.clock.advance(3min);
  CHECK(process.get(task)["pollIntervalMs"] == 10000);
  process.clock.advance(1h);
  CHECK(process.get(task)["pollIntervalMs"] == 20000);
}

TEST_CASE("the previous video never completes a followup's task, after a restart neither") {
  Json task;
  {
    Process process;
    task = process.follow_up();
    CHECK(task["resultType"] == "task");
    const Json seen = process.get(task);
    CHECK(seen["status"] == "working");
    CHECK(seen["statusMessage"] ==
          "The followup is under way; output still shows the video from before it.");
  }
  Process restarted;
  restarted.service.says(answer(test::ready_job()));
  CHECK(restarted.get(task)["status"] == "working");
  // What the task knows, the other tools know from then on.
  const Json arguments = {{"job_id", test::kJobId}};
  const Json status =
      restarted.ask("tools/call", {{"name", "get_video_status"}, {"arguments", arguments}});
  CHECK(status["result"]["structuredContent"]["ready"] == false);
  restarted.service.says(answer(test::job("running")));
  CHECK(restarted.get(task)["status"] == "working");
  restarted.service.says(answer(followed_up()));
  const Json seen = restarted.get(task);
  CHECK(seen["status"] == "completed");
  CHECK(structured(seen)["output"]["download_url"] == "https://e.com/new");
}

TEST_CASE("a task that a later followup overtook is over, and so stays over") {
  Process process;
  const Json first = process.create();
  process.service.says(answer(test::ready_job()));
  CHECK(process.get(first)["status"] == "completed");
  const Json second = process.follow_up();
  process.service.says(answer(test::job("running")));
  CHECK(process.get(second)["status"] == "working");
  const Json seen = process.get(first);
  CHECK(seen["status"] == "completed");
  CHECK(structured(seen)["ready"] == false);
}

TEST_CASE("the same order again is the same job in another task, whose end says so") {
  Process process;
  const Json first = process.create();
  process.clock.advance(3min);
  const std::size_t sent = process.service.count();
  const Json again = process.create();
  CHECK(process.service.count() == sent);
  CHECK(again["taskId"] != first["taskId"]);
  CHECK(again["statusMessage"].get<std::string>().find("nothing was spent") != std::string::npos);
  process.service.says(answer(test::ready_job()));
  CHECK(structured(process.get(first))["message"] == "The video is ready.");
  CHECK(structured(process.get(again))["message"] ==
        "The video is ready. This call ordered nothing: the same arguments had started the job 3 "
        "minutes before it; allow_duplicate=true orders another.");

  Process following;
  following.follow_up();
  const Json repeated = following.follow_up();
  following.service.says(answer(test::ready_job()));
  CHECK(following.get(repeated)["status"] == "working");
}

TEST_CASE("cancelling touches nothing and says so") {
  Process process;
  const Json task = process.create();
  const std::size_t sent = process.service.count();
  const Json ack = process.ask("tasks/cancel", {{"taskId", task["taskId"]}})["result"];
  CHECK(ack["resultType"] == "complete");
  CHECK(ack["_meta"]["motion-mcp/note"].get<std::string>().starts_with("Nothing was cancelled"));
  CHECK(process.service.count() == sent);
  process.service.says(answer(test::ready_job()));
  CHECK(process.get(task)["status"] == "completed");
}

TEST_CASE("a listener hears of the end from the read that saw it") {
  Process process;
  const Json task = process.create();
  const auto code = tools::make_video_tasks("create_video", process.services);
  const std::string state = tools::to_state({test::kJobId});
  test::Beats rung;
  const auto watch =
      code->watch({state, process.clock.wall(), process.caller, {}}, [&] { rung.add({}); });
  REQUIRE(watch);
  REQUIRE(rung.await_count(1));
  process.service.says(answer(test::ready_job()));
  process.to_next_read(2s);
  REQUIRE(rung.await_count(2));
  CHECK(process.service.count() == 3);
  CHECK(process.get(task)["status"] == "completed");
}

TEST_CASE("a task's state brings back what went into it, and fits into an id at its longest") {
  const std::string moment = "2026-04-28T23:01:04.198765+00:00";
  const base::WallTime sent_at{std::chrono::milliseconds(1777417264123)};
  for (const auto& baseline :
       {motion::FollowupBaseline{}, motion::FollowupBaseline{moment, std::nullopt},
        motion::FollowupBaseline{std::nullopt, moment}, motion::FollowupBaseline{moment, moment}}) {
    const std::string state =
        tools::to_state({test::kJobId, jobs::Followup{baseline, sent_at}, 599s});
    CHECK(state.size() <= mcp::kMaxTaskStateBytes);
    const auto task = tools::video_task_from(state);
    REQUIRE(task);
    CHECK(task->job_id == test::kJobId);
    CHECK(task->followup->baseline.completed_at == baseline.completed_at);
    CHECK(task->followup->baseline.output_completed_at == baseline.output_completed_at);
    CHECK(task->followup->sent_at == sent_at);
    CHECK(task->followup->accepted);
    CHECK(task->ordered_before == 599s);
  }
  const auto plain = tools::video_task_from(tools::to_state({test::kJobId}));
  REQUIRE(plain);
  CHECK_FALSE(plain->followup);
  CHECK_FALSE(plain->ordered_before);
  for (const char* odd : {"", "{}", "[]", "nonsense", R"({"job":7})"}) {
    CHECK_FALSE(tools::video_task_from(odd));
  }
}
