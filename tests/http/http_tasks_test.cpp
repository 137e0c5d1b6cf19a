// The tasks extension over Streamable HTTP. These tests try to ask for another task than the header
// names, to reach a task with another caller's key, and to get another status than the rules have.
#include "http/front_fixture.h"
#include "unit/mcp/toy_tasks.h"

using namespace motion_mcp;
using namespace motion_mcp::test;
using transport::HttpReply;
using transport::HttpRequest;

namespace {

struct TaskFront {
  ToyWork work;
  mcp::Server server{toy_info(), {work.tools()}};
  fakes::ManualClock clock;
  transport::Admission admission{{}, clock};
  transport::HttpFront front{server,
                             {{kHost}, {}, "", ""},
                             admission,
                             std::make_shared<const base::SealKeys>(base::new_seal_keys())};
  std::vector<Json> told;

  HttpReply serve(const HttpRequest& request) {
    transport::HttpStep step = front.serve(request).step;
    auto* made = std::get_if<transport::HttpWork>(&step);
    if (made == nullptr) return std::get<HttpReply>(step);
    return made->run({{}, [this](std::string_view line) { told.push_back(Json::parse(line)); }});
  }

  std::string start() {
    const HttpReply reply = serve(declaring("tools/call", R"("name":"work")", "work"));
    CHECK(reply.status == 200);
    return Json::parse(reply.body)["result"]["taskId"];
  }

  static HttpRequest declaring(const std::string& method, const std::string& params,
                               const std::string& name) {
    return post(
        R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":{)" + params +
            R"(,"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
            R"("io.modelcontextprotocol/clientCapabilities":{"extensions":{"io.modelcontextprotocol/tasks":{}}}}}})",
        {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", method}, {"Mcp-Name", name}});
  }
  static HttpRequest about(const std::string& method, const std::string& id) {
    return declaring(method, R"("inputResponses":{},"taskId":")" + id + "\"", id);
  }
};

constexpr std::array<const char*, 3> kMethods = {"tasks/get", "tasks/update", "tasks/cancel"};

}  // namespace

TEST_CASE("Mcp-Name repeats the taskId") {
  TaskFront front;
  const std::string id = front.start();
  for (const char* method : kMethods) {
    const HttpRequest request = TaskFront::about(method, id);
    CHECK(front.serve(request).status == 200);
    for (const HttpRequest& odd : {with(request, "Mcp-Name", "other"), without(request, "Mcp-Name"),
                                   with(request, "Mcp-Method", "tasks/list")}) {
      const HttpReply reply = front.serve(odd);
      CHECK(reply.status == 400);
      CHECK(code_of(reply) == -32020);
    }
  }
}

TEST_CASE("another caller's task is unknown, which is no failure of HTTP's") {
  TaskFront front;
  const std::string id = front.start();
  for (const char* method : kMethods) {
    const HttpReply reply = front.serve(
        with(TaskFront::about(method, id), "Authorization", "Bearer motion_fedcba9876543210"));
    CHECK(reply.status == 200);
    CHECK(code_of(reply) == -32602);
  }
}

TEST_CASE(
    "a client without the extension is told what it lacks, and what is no method is not found") {
  TaskFront front;
  const std::string id = front.start();
  for (const char* method : kMethods) {
    const HttpReply reply =
        front.serve(modern(method, R"("taskId":")" + id + "\"", {{"Mcp-Name", id}}));
    CHECK(reply.status == 400);
    CHECK(code_of(reply) == -32021);
  }
  const HttpReply listen =
      front.serve(modern("subscriptions/listen", R"("notifications":{"taskIds":[]})"));
  CHECK(listen.status == 400);
  CHECK(code_of(listen) == -32021);
  const HttpReply refused =
      front.serve(modern("tools/call", R"("name":"only")", {{"Mcp-Name", "only"}}));
  CHECK(refused.status == 400);
  CHECK(code_of(refused) == -32021);
  for (const char* method : {"tasks/list", "tasks/result"}) {
    const HttpReply reply = front.serve(TaskFront::about(method, id));
    CHECK(reply.status == 404);
    CHECK(code_of(reply) == -32601);
  }
  CHECK(front.serve(legacy("tasks/get", R"("taskId":")" + id + "\"")).status == 200);
}

TEST_CASE("a task is followed on the request's own stream, and ends with its client") {
  TaskFront front;
  const std::string id = front.start();
  front.work.stands("s", completed("done"));
  const HttpRequest request = TaskFront::declaring(
      "subscriptions/listen", R"("notifications":{"taskIds":[")" + id + "\"]}", "");
  const auto step = front.front.serve(request).step;
  CHECK(std::get<transport::HttpWork>(step).may_stream);
  CHECK(std::get<transport::HttpWork>(step).ends_with_client);
  CHECK(front.serve(request).status == 200);
  REQUIRE(front.told.size() == 2);
  CHECK(front.told[0]["params"]["notifications"]["taskIds"][0] == id);
  CHECK(front.told[1]["params"]["status"] == "completed");
}

TEST_CASE("asking how a task stands is not paid work") {
  TaskFront front;
  const std::string id = front.start();
  for (int i = 0; i < 100; ++i) {
    REQUIRE(front.serve(TaskFront::about("tasks/get", id)).status == 200);
  }
}
