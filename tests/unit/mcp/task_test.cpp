// Tasks. These tests try to get a task that was not asked for, or none that was; to reach somebody
// else's, or one that never was; to learn from a refusal which of these it is; and to find a member
// in an answer that the extension does not have.
#include "mcp/task.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "fakes/manual_clock.h"
#include "mcp/server.h"
#include "mcp/task_id.h"
#include "unit/mcp/toy_tasks.h"
#include "unit/mcp/toy_tools.h"

using namespace motion_mcp;
using namespace motion_mcp::mcp;
using test::completed;
using test::ToyWork;
using test::working;

namespace {

constexpr const char* kTasks = "io.modelcontextprotocol/tasks";
constexpr const char* kApps = "io.modelcontextprotocol/ui";

std::shared_ptr<const base::SealKeySource> keys_of(char letter) {
  return std::make_shared<const base::SealKeySource>(
      *base::SealKeys::make({std::string(base::kSealKeyBytes, letter)}));
}

Json with_extensions(const std::vector<const char*>& names) {
  Json extensions = Json::object();
  for (const char* name : names) extensions[name] = Json::object();
  return {{"extensions", extensions}, {"elicitation", Json::object()}};
}

struct Peer {
  ToyWork own_work;
  ToyWork& work;
  fakes::ManualClock clock;
  Server server;
  Connection connection;
  Caller caller{"motion_ada"};
  Json capabilities = with_extensions({kTasks});
  Fault fault = Fault::none;
  bool is_read_only = false;

  Peer() : Peer(own_work) {}
  // Another process with the same work behind it.
  explicit Peer(ToyWork& shared, std::shared_ptr<const base::SealKeySource> keys = keys_of('k'))
      : work(shared), server(test::toy_info(), {work.tools()}, std::move(keys), clock) {}

  Json ask(const std::string& method, const Json& params) {
    const Json message = {{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}};
    auto parsed = jsonrpc::parse(message.dump());
    Step step = server.accept(std::get<jsonrpc::Message>(std::move(parsed)), connection, caller);
    Reply reply;
    is_read_only = false;
    if (auto* made = std::get_if<Work>(&step)) {
      is_read_only = made->is_read_only;
      reply = made->run({{}, [](std::string_view) {}});
    } else {
      reply = std::get<Reply>(step);
    }
    fault = reply.fault;
    return Json::parse(reply.text);
  }

  Json modern(const std::string& method, Json params = Json::object()) {
    params["_meta"] = {{"io.modelcontextprotocol/protocolVersion", "2026-07-28"},
                       {"io.modelcontextprotocol/clientCapabilities", capabilities}};
    return ask(method, params);
  }

  Json call(const char* tool, const Json& arguments = Json::object()) {
    return modern("tools/call", {{"name", tool}, {"arguments", arguments}})["result"];
  }
  std::string start(const char* tool, const std::string& state = "s") {
    return call(tool, {{"state", state}})["taskId"];
  }
  Json get(const std::string& id) { return modern("tasks/get", {{"taskId", id}}); }
};

std::set<std::string> members_of(const Json& object) {
  std::set<std::string> names;
  for (const auto& [name, value] : object.items()) names.insert(name);
  return names;
}

using Names = std::set<std::string>;

}  // namespace

TEST_CASE("a client that declares tasks is handed one, flat and without what comes later") {
  Peer peer;
  const Json task = peer.call("work", {{"state", "s"}});
  CHECK(members_of(task) == Names{"resultType", "taskId", "status", "statusMessage", "createdAt",
                                  "lastUpdatedAt", "ttlMs", "pollIntervalMs", "_meta"});
  CHECK(task["resultType"] == "task");
  CHECK(task["status"] == "working");
  CHECK(task["statusMessage"] == "It is begun.");
  CHECK(task["createdAt"] == "2026-04-28T23:01:04.000Z");
  CHECK(task["lastUpdatedAt"] == task["createdAt"]);
  CHECK(task["ttlMs"] == 86'400'000);
  CHECK(task["pollIntervalMs"] == 1500);
  CHECK(task["_meta"]["io.modelcontextprotocol/serverInfo"]["name"] == "toy");
}

TEST_CASE("every other client gets the plain answer") {
  Peer peer;
  for (const Json& capabilities :
       {Json::object(), with_extensions({}), with_extensions({kApps}),
        with_extensions({kTasks, kApps}), Json{{"extensions", {{kTasks, true}}}},
        Json{{"extensions", Json::array({kTasks})}}, Json{{"tasks", Json::object()}}}) {
    CAPTURE(capabilities.dump());
    peer.capabilities = capabilities;
    const Json result = peer.call("work");
    CHECK(result["resultType"] == "complete");
    CHECK(result["content"][0]["text"] == "done");
    CHECK_FALSE(result.contains("taskId"));
  }
  // The experimental tasks of 2025-11-25 are another protocol.
  const Json legacy = {{"name", "work"}, {"task", {{"ttl", 60000}}}};
  for (const char* version : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"}) {
    CAPTURE(version);
    peer.ask("initialize",
             {{"protocolVersion", version}, {"capabilities", with_extensions({kTasks})}});
    CHECK(peer.ask("tools/call", legacy)["result"] ==
          Json{{"content", {{{"type", "text"}, {"text", "done"}}}}});
  }
}

TEST_CASE("a tool that has no other answer refuses clients without tasks, before it is run") {
  Peer peer;
  CHECK(peer.call("only")["resultType"] == "task");
  peer.capabilities = with_extensions({kTasks, kApps});
  CHECK(peer.call("only")["resultType"] == "task");

  ToyWork untouched;
  Peer without(untouched);
  without.capabilities = with_extensions({});
  const Json refused = without.modern("tools/call", {{"name", "only"}});
  CHECK(refused["error"]["code"] == -32021);
  CHECK(refused["error"]["data"]["requiredCapabilities"] ==
        Json{{"extensions", {{kTasks, Json::object()}}}});
  CHECK(without.fault == Fault::bad_request);
  CHECK(without.ask("tools/call", {{"name", "only"}})["error"]["code"] == -32021);
}

TEST_CASE("a task answers from the moment it is handed out, in every status with its own members") {
  Peer peer;
  const std::string id = peer.start("work");
  const Names common = {"resultType",    "taskId", "status", "createdAt",
                        "lastUpdatedAt", "ttlMs",  "_meta"};
  const auto with = [&](Names more) {
    more.insert(common.begin(), common.end());
    return more;
  };
  Json task = peer.get(id)["result"];
  CHECK(members_of(task) == with({"pollIntervalMs"}));
  CHECK(task["resultType"] == "complete");
  CHECK(task["taskId"] == id);
  CHECK(task["status"] == "working");

  TaskView asking;
  asking.status = TaskStatus::input_required;
  asking.input_requests = {{"a", {"elicitation/create", {{"message", "A?"}}}},
                           {"b", {"roots/list"}}};
  peer.work.stands("s", asking);
  task = peer.get(id)["result"];
  CHECK(members_of(task) == with({"pollIntervalMs", "inputRequests"}));
  CHECK(task["inputRequests"]["a"] ==
        Json{{"method", "elicitation/create"}, {"params", {{"message", "A?"}}}});
  CHECK(task["inputRequests"]["b"]["method"] == "roots/list");

  TaskView done = completed("here it is");
  done.result.is_error = true;
  done.result.meta = Json{{"toy/error", 1}};
  done.last_updated = peer.clock.wall() + std::chrono::seconds(60);
  peer.work.stands("s", done);
  task = peer.get(id)["result"];
  CHECK(members_of(task) == with({"result"}));
  CHECK(task["status"] == "completed");
  CHECK(task["lastUpdatedAt"] == "2026-04-28T23:02:04.000Z");
  CHECK(task["result"]["content"][0]["text"] == "here it is");
  CHECK(task["result"]["isError"] == true);
  CHECK(task["result"]["_meta"]["toy/error"] == 1);
  CHECK_FALSE(task["result"]["_meta"].contains("io.modelcontextprotocol/related-task"));

  TaskView failed;
  failed.status = TaskStatus::failed;
  failed.error_code = -32603;
  failed.error_message = "broken";
  failed.last_updated = peer.clock.wall() - std::chrono::hours(1);
  peer.work.stands("s", failed);
  task = peer.get(id)["result"];
  CHECK(members_of(task) == with({"error"}));
  CHECK(task["error"] == Json{{"code", -32603}, {"message", "broken"}});
  CHECK(task["lastUpdatedAt"] == task["createdAt"]);

  TaskView cancelled;
  cancelled.status = TaskStatus::cancelled;
  peer.work.stands("s", cancelled);
  CHECK(members_of(peer.get(id)["result"]) == common);
}

TEST_CASE("an id is good in another process with the same keys, with when it was created") {
  ToyWork work;
  std::string id;
  std::string created;
  {
    Peer first(work);
    const Json task = first.call("work");
    id = task["taskId"];
    created = task["createdAt"];
  }
  Peer second(work);
  second.clock.advance(std::chrono::hours(48));
  CHECK(second.get(id)["result"]["createdAt"] == created);
  work.stands("s", completed("after the restart"));
  CHECK(second.get(id)["result"]["result"]["content"][0]["text"] == "after the restart");
}

TEST_CASE("an id that is not the caller's own is refused in the same words, whatever is wrong") {
  ToyWork work;
  Peer peer(work);
  const std::string good = peer.start("work");
  REQUIRE(peer.get(good).contains("result"));

  Peer bob(work);
  bob.caller.credential = "motion_bob";
  Peer stranger(work, keys_of('x'));
  std::string flipped = good;
  flipped[good.size() / 2] = flipped[good.size() / 2] == 'A' ? 'B' : 'A';
  const TaskIds ids(keys_of('k'));
  const auto sealed = [&](const char* tool) {
    return *ids.seal({tool, peer.clock.wall(), "s"}, peer.caller);
  };
  // A state of the same caller is no task.
  const std::string state = peer.modern("tools/call", {{"name", "ask"}})["result"]["requestState"];

  struct Row {
    const char* what;
    std::string id;
  };
  const std::vector<Row> rows = {{"none", ""},
                                 {"a word", "task-1"},
                                 {"cut", good.substr(0, good.size() - 1)},
                                 {"longer", good + "A"},
                                 {"blank at its end", good + " "},
                                 {"one character changed", flipped},
                                 {"twice", good + good},
                                 {"huge", std::string(100'000, 'A')},
                                 {"not ASCII", "t\xC3\xA4sk"},
                                 {"another caller's", bob.start("work")},
                                 {"sealed by another server", stranger.start("work")},
                                 {"of a tool that is gone", sealed("retired")},
                                 {"of a tool that starts none", sealed("echo")},
                                 {"a requestState", state}};
  const std::string words = peer.get("never was")["error"]["message"];
  for (const Row& row : rows) {
    CAPTURE(row.what);
    for (const char* method : {"tasks/get", "tasks/update", "tasks/cancel"}) {
      const Json answer =
          peer.modern(method, {{"taskId", row.id}, {"inputResponses", Json::object()}});
      CHECK(answer["error"]["code"] == -32602);
      CHECK(answer["error"]["message"] == words);
      CHECK_FALSE(answer["error"].contains("data"));
      CHECK(peer.fault == Fault::none);
    }
  }
  // What the tool forgot is as if it had never been.
  work.forget("s");
  for (const char* method : {"tasks/get", "tasks/update", "tasks/cancel"}) {
    const Json answer = peer.modern(method, {{"taskId", good}, {"inputResponses", Json::object()}});
    CHECK(answer["error"]["message"] == words);
  }
}

TEST_CASE("an id fits into a header, or there is no task") {
  Peer peer;
  const std::string id = peer.start("work", std::string(kMaxTaskStateBytes, 's'));
  CHECK(id.size() <= kMaxTaskIdBytes);
  CHECK(id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") ==
        std::string::npos);
  CHECK(peer.get(id)["result"]["status"] == "working");
  const Json plain = peer.call("work", {{"state", std::string(kMaxTaskStateBytes + 1, 's')}});
  CHECK(plain["resultType"] == "complete");
  CHECK(plain["content"][0]["text"] == "done");
  // The state itself cannot be read from it.
  CHECK(peer.start("work", "geheim") != peer.start("work", "geheim"));
}

TEST_CASE("asking about tasks takes the extension, in each request") {
  Peer peer;
  const std::string id = peer.start("work");
  for (const Json& capabilities : {Json::object(), with_extensions({kApps})}) {
    peer.capabilities = capabilities;
    for (const char* method : {"tasks/get", "tasks/update", "tasks/cancel"}) {
      const Json answer = peer.modern(method, {{"taskId", id}});
      CHECK(answer["error"]["code"] == -32021);
      CHECK(answer["error"]["data"]["requiredCapabilities"] ==
            Json{{"extensions", {{kTasks, Json::object()}}}});
      CHECK(peer.fault == Fault::bad_request);
    }
  }
  // One that draws apps may have started the task before it did.
  peer.capabilities = with_extensions({kTasks, kApps});
  CHECK(peer.get(id)["result"]["status"] == "working");
}

TEST_CASE(
    "methods that the extension does not have are unknown, and so are all in older versions") {
  Peer peer;
  const std::string id = peer.start("work");
  for (const char* method : {"tasks/list", "tasks/result", "tasks"}) {
    CHECK(peer.modern(method, {{"taskId", id}})["error"]["code"] == -32601);
    CHECK(peer.fault == Fault::unknown_method);
  }
  peer.ask("initialize",
           {{"protocolVersion", "2025-11-25"}, {"capabilities", with_extensions({kTasks})}});
  for (const char* method : {"tasks/get", "tasks/update", "tasks/cancel", "tasks/list"}) {
    CHECK(peer.ask(method, {{"taskId", id}})["error"]["code"] == -32601);
  }
}

TEST_CASE("the extension is declared where a tool starts tasks, the old capability never") {
  Peer peer;
  const Json capabilities = peer.modern("server/discover")["result"]["capabilities"];
  CHECK(capabilities["extensions"] == Json{{kTasks, Json::object()}});
  CHECK_FALSE(capabilities.contains("tasks"));
  const Json initialized =
      peer.ask("initialize", {{"protocolVersion", "2025-11-25"}})["result"]["capabilities"];
  CHECK(initialized == Json{{"tools", Json::object()}});

  const Server none(test::toy_info(), {test::toy_tools()});
  const auto ask = [&](const char* method) {
    const Json message = {
        {"jsonrpc", "2.0"},
        {"id", 1},
        {"method", method},
        {"params",
         {{"_meta",
           {{"io.modelcontextprotocol/protocolVersion", "2026-07-28"},
            {"io.modelcontextprotocol/clientCapabilities", with_extensions({kTasks})}}}}}};
    auto parsed = jsonrpc::parse(message.dump());
    Connection connection;
    Step step = none.accept(std::get<jsonrpc::Message>(std::move(parsed)), connection, {});
    return Json::parse(std::get<Reply>(step).text);
  };
  CHECK_FALSE(ask("server/discover")["result"]["capabilities"].contains("extensions"));
  CHECK(ask("tasks/get")["error"]["code"] == -32601);
}

TEST_CASE("requests that are not shaped as the extension says are refused") {
  Peer peer;
  const std::string id = peer.start("work");
  const auto code = [&](const char* method, const Json& params) {
    return peer.modern(method, params)["error"]["code"];
  };
  for (const char* method : {"tasks/get", "tasks/update", "tasks/cancel"}) {
    CHECK(code(method, Json::object()) == -32602);
    CHECK(code(method, {{"taskId", 7}}) == -32602);
  }
  CHECK(code("tasks/update", {{"taskId", id}}) == -32602);
  CHECK(code("tasks/update", {{"taskId", id}, {"inputResponses", Json::array()}}) == -32602);
  CHECK(code("tasks/update", {{"taskId", id}, {"inputResponses", {{"a", "yes"}}}}) == -32602);
}

TEST_CASE("answers reach the tool, and an update is acknowledged without the task") {
  Peer peer;
  const std::string id = peer.start("work");
  const Json responses = {{"a", {{"action", "accept"}}}, {"other", Json::object()}};
  const Json ack =
      peer.modern("tasks/update", {{"taskId", id}, {"inputResponses", responses}})["result"];
  CHECK(members_of(ack) == Names{"resultType", "_meta"});
  CHECK(ack["resultType"] == "complete");
  CHECK(peer.work.responses() == responses);
}

TEST_CASE("a cancel is acknowledged without the task, what is over stays as it is") {
  Peer peer;
  const std::string id = peer.start("work");
  const auto cancel = [&](const std::string& task) {
    return peer.modern("tasks/cancel", {{"taskId", task}})["result"];
  };
  const Json ack = cancel(id);
  CHECK(members_of(ack) == Names{"resultType", "_meta"});
  CHECK(ack["_meta"]["toy/note"] == "stopped");
  CHECK(ack["_meta"].contains("io.modelcontextprotocol/serverInfo"));
  CHECK(peer.get(id)["result"]["status"] == "cancelled");

  const std::string done = peer.start("work", "done");
  peer.work.stands("done", completed("x"));
  CHECK(cancel(done) == ack);
  CHECK(peer.get(done)["result"]["status"] == "completed");
}

TEST_CASE("a tool that can do nothing about a task acknowledges all the same") {
  Peer peer;
  const std::string id = peer.start("bare");
  for (const char* method : {"tasks/update", "tasks/cancel"}) {
    const Json answer =
        peer.modern(method, {{"taskId", id}, {"inputResponses", Json::object()}})["result"];
    CHECK(members_of(answer) == Names{"resultType", "_meta"});
  }
  CHECK(peer.get(id)["result"]["status"] == "working");
}

TEST_CASE("what must be asked first is asked first, the task comes after") {
  Peer peer;
  const Json first = peer.modern("tools/call", {{"name", "ask"}})["result"];
  CHECK(first["resultType"] == "input_required");
  CHECK_FALSE(first.contains("taskId"));
  const Json second = peer.modern(
      "tools/call",
      {{"name", "ask"},
       {"requestState", first["requestState"]},
       {"inputResponses",
        {{"user_name", {{"action", "accept"}, {"content", {{"name", "Alice"}}}}}}}})["result"];
  CHECK(second["resultType"] == "task");
  CHECK_FALSE(second.contains("requestState"));
  CHECK_FALSE(second.contains("pollInterval"));
  peer.work.stands("Alice", completed("Hello, Alice!"));
  const Json task = peer.get(second["taskId"])["result"];
  CHECK(task["result"]["content"][0]["text"] == "Hello, Alice!");
  CHECK_FALSE(task.contains("requestState"));
}

TEST_CASE("a tool that throws while it is asked is an internal error that tells nothing") {
  Peer peer;
  const Json answer = peer.get(peer.start("broken"));
  CHECK(answer["error"]["code"] == -32603);
  CHECK(answer.dump().find("secret") == std::string::npos);
}

TEST_CASE("what is asked about a task may be given up, but for an update, that may spend") {
  Peer peer;
  const std::string id = peer.start("work");
  peer.get(id);
  CHECK(peer.is_read_only);
  peer.modern("tasks/cancel", {{"taskId", id}});
  CHECK(peer.is_read_only);
  peer.modern("tasks/update", {{"taskId", id}, {"inputResponses", Json::object()}});
  CHECK_FALSE(peer.is_read_only);
}

TEST_CASE("nothing is read before something is sealed or opened") {
  ToyWork work;
  int loads = 0;
  const auto keys = std::make_shared<const base::SealKeySource>([&] {
    ++loads;
    return base::new_seal_keys();
  });
  Peer peer(work, keys);
  peer.modern("server/discover");
  peer.modern("tools/list");
  peer.capabilities = with_extensions({});
  peer.call("work");
  CHECK(loads == 0);
  peer.capabilities = with_extensions({kTasks});
  peer.get(peer.start("work"));
  CHECK(loads == 1);
}
