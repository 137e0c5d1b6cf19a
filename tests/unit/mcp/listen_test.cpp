// subscriptions/listen. These tests try to be told of somebody else's task, to miss a change, to be
// told twice, and to leave a stream that never ends or a watch that outlives it.
#include "mcp/listen.h"

#include <doctest/doctest.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <string>
#include <vector>

#include "fakes/stepped_clock.h"
#include "mcp/server.h"
#include "unit/mcp/toy_tasks.h"
#include "unit/mcp/toy_tools.h"

using namespace motion_mcp;
using namespace motion_mcp::mcp;
using namespace std::chrono_literals;
using test::completed;
using test::working;

namespace {

constexpr auto kPatience = 30s;
constexpr const char* kSubscriptionId = "io.modelcontextprotocol/subscriptionId";
const Json kDeclared = {{"extensions", {{"io.modelcontextprotocol/tasks", Json::object()}}}};

struct Peer {
  test::ToyWork work;
  fakes::SteppedClock clock;
  Server server{test::toy_info(), {work.tools()}, nullptr, clock};
  Connection connection;
  Caller caller{"motion_ada"};
  Json capabilities = kDeclared;

  std::mutex mutex;
  std::condition_variable changed;
  std::vector<Json> told;
  std::stop_source stop;
  std::future<Json> end;

  ~Peer() { stop.request_stop(); }  // a test that failed must not wait for it

  Step step(const char* method, Json params) {
    params["_meta"] = {{"io.modelcontextprotocol/protocolVersion", "2026-07-28"},
                       {"io.modelcontextprotocol/clientCapabilities", capabilities}};
    const Json message = {
        {"jsonrpc", "2.0"}, {"id", "sub"}, {"method", method}, {"params", params}};
    auto parsed = jsonrpc::parse(message.dump());
    return server.accept(std::get<jsonrpc::Message>(std::move(parsed)), connection, caller);
  }

  std::string start(const std::string& state, const char* tool = "work") {
    Step made = step("tools/call", {{"name", tool}, {"arguments", {{"state", state}}}});
    const Reply reply = std::get<Work>(made).run({{}, [](std::string_view) {}});
    return Json::parse(reply.text)["result"]["taskId"];
  }

  void listen(const Json& ids) {
    auto made = std::make_shared<Step>(
        step("subscriptions/listen", {{"notifications", {{"taskIds", ids}}}}));
    REQUIRE(std::holds_alternative<Work>(*made));
    CHECK(std::get<Work>(*made).is_read_only);
    end = std::async(std::launch::async, [this, made] {
      return Json::parse(std::get<Work>(*made)
                             .run({stop.get_token(), [this](std::string_view text) { take(text); }})
                             .text);
    });
  }
  void take(std::string_view text) {
    const std::lock_guard lock(mutex);
    told.push_back(Json::parse(text));
    changed.notify_all();
  }
  // The message number `number` (1, 2, ...), which comes within our patience.
  Json message(std::size_t number) {
    std::unique_lock lock(mutex);
    REQUIRE(changed.wait_for(lock, kPatience, [&] { return told.size() >= number; }));
    return told[number - 1];
  }
  std::size_t count() {
    const std::lock_guard lock(mutex);
    return told.size();
  }
  // The stream's end.
  Json result() {
    REQUIRE(end.wait_for(kPatience) == std::future_status::ready);
    return end.get()["result"];
  }
  Json refusal(const Json& notifications) {
    Step made = step("subscriptions/listen", {{"notifications", notifications}});
    REQUIRE(std::holds_alternative<Reply>(made));
    return Json::parse(std::get<Reply>(made).text)["error"];
  }
};

}  // namespace

TEST_CASE("what is granted comes first: the caller's own tasks and no other, each once") {
  Peer peer;
  const std::string own = peer.start("a");
  peer.caller.credential = "motion_bob";
  const std::string others = peer.start("b");
  peer.caller.credential = "motion_ada";
  peer.listen({own, others, "nonsense", own});
  const Json first = peer.message(1);
  CHECK(first["method"] == "notifications/subscriptions/acknowledged");
  CHECK(first["params"]["notifications"] == Json{{"taskIds", {own}}});
  CHECK(first["params"]["_meta"][kSubscriptionId] == "sub");
}

TEST_CASE("a task is told as it stands, then whenever there is something new, until it is over") {
  Peer peer;
  const std::string id = peer.start("a");
  peer.listen({id});
  Json told = peer.message(2);
  CHECK(told["method"] == "notifications/tasks");
  CHECK(told["params"]["taskId"] == id);
  CHECK(told["params"]["status"] == "working");
  CHECK(told["params"]["pollIntervalMs"] == 5000);
  CHECK(told["params"]["_meta"] == Json{{kSubscriptionId, "sub"}});
  CHECK_FALSE(told["params"].contains("resultType"));
  CHECK_FALSE(told.contains("id"));

  peer.work.stands("a", working("half of it"));
  CHECK(peer.message(3)["params"]["statusMessage"] == "half of it");
  TaskView same = working("half of it");
  same.poll_interval = 9s;  // nothing to tell anybody for
  peer.work.stands("a", same);
  peer.work.stands("a", completed("all of it"));
  told = peer.message(4);
  CHECK(told["params"]["status"] == "completed");
  CHECK(told["params"]["result"]["content"][0]["text"] == "all of it");

  const Json result = peer.result();
  CHECK(result["resultType"] == "complete");
  CHECK(result["_meta"][kSubscriptionId] == "sub");
  CHECK(peer.count() == 4);
  CHECK(peer.work.watchers() == 0);
}

TEST_CASE("several tasks share a stream, which ends with the last of them") {
  Peer peer;
  const std::string a = peer.start("a");
  const std::string b = peer.start("b");
  peer.work.stands("b", completed("b"));  // over before anybody listens
  peer.listen({a, b});
  CHECK(peer.message(1)["params"]["notifications"]["taskIds"] == Json{a, b});
  CHECK(peer.message(2)["params"]["status"] == "working");
  CHECK(peer.message(3)["params"]["result"]["content"][0]["text"] == "b");
  CHECK(peer.end.wait_for(0s) == std::future_status::timeout);
  peer.work.stands("a", completed("a"));
  CHECK(peer.message(4)["params"]["taskId"] == a);
  peer.result();
  CHECK(peer.count() == 4);
}

TEST_CASE("a stop ends the stream with its result, and leaves the work alone") {
  Peer peer;
  peer.listen({peer.start("a")});
  peer.message(2);
  peer.stop.request_stop();
  CHECK(peer.result()["resultType"] == "complete");
  CHECK(peer.count() == 2);
  CHECK(peer.work.watchers() == 0);
}

TEST_CASE("a task that cannot be watched at all is looked at in its own rhythm") {
  Peer peer;
  peer.listen({peer.start("a", "bare")});
  peer.message(2);
  REQUIRE(peer.clock.await_sleepers(5s));
  peer.work.stands_silently("a", completed("done"));
  peer.clock.advance(5s);
  CHECK(peer.message(3)["params"]["status"] == "completed");
  peer.result();
}

TEST_CASE("a watch that falls silent does not keep the end from being seen") {
  Peer peer;
  peer.listen({peer.start("a")});
  peer.message(2);
  REQUIRE(peer.clock.await_sleepers(60s));
  peer.work.stands_silently("a", completed("done"));
  peer.clock.advance(60s);
  CHECK(peer.message(3)["params"]["status"] == "completed");
  peer.result();
}

TEST_CASE("a task that cannot be watched now is not granted") {
  Peer peer;
  peer.work.refuse_watching();
  peer.listen({peer.start("a")});
  CHECK(peer.message(1)["params"]["notifications"] == Json::object());
  peer.result();
  CHECK(peer.count() == 1);
}

TEST_CASE("a task that the tool forgets, or cannot tell of, has nothing more to say") {
  Peer peer;
  const std::string broken = peer.start("a", "broken");
  const std::string forgotten = peer.start("b");
  peer.listen({forgotten, broken});
  peer.message(2);
  peer.work.forget("b");
  peer.work.stands("c", working());  // rings
  peer.result();
  CHECK(peer.count() == 2);
}

TEST_CASE("a stream takes a bounded number of tasks") {
  Peer peer;
  Json ids = Json::array();
  for (int i = 0; i < 70; ++i) ids.push_back(peer.start("a"));
  peer.listen(ids);
  CHECK(peer.message(1)["params"]["notifications"]["taskIds"].size() == kMaxListenedTasks);
  peer.work.stands("a", completed("done"));
  peer.result();
}

TEST_CASE("who may not follow tasks, and what cannot be followed") {
  Peer peer;
  for (const Json& ids : {Json("a"), Json{1}, Json(nullptr), Json::object()}) {
    CHECK(peer.refusal({{"taskIds", ids}})["code"] == -32602);
  }
  peer.capabilities = Json::object();
  const Json refused = peer.refusal({{"taskIds", Json::array()}});
  CHECK(refused["code"] == -32021);
  CHECK(refused["data"]["requiredCapabilities"] == kDeclared);
}
