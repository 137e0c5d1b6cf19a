// Sessions that nobody keeps. These tests try to use another owner's session, to cancel a call of
// another session, and to have a client asked that did not say it can be.
#include "transport/http_session.h"

#include <condition_variable>
#include <future>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "base/owner.h"

#include "http/front_fixture.h"

using namespace motion_mcp;
using namespace motion_mcp::test;
using transport::HttpReply;
using transport::HttpRequest;

namespace {

constexpr std::string_view kBuy = R"({"name": "buy", "inputSchema": {"type": "object"}})";
constexpr std::string_view kWait = R"({"name": "wait", "inputSchema": {"type": "object"}})";

// Asks whether it may, where it can ask.
mcp::ToolResult buy(const mcp::ToolCall& call) {
  mcp::ToolResult result;
  const auto answer = call.input.answers.find("sure");
  if (answer != call.input.answers.end()) {
    result.content.push_back(mcp::text_content("answer: " + answer->value("action", "")));
  } else if (mcp::can_answer(call.capabilities, "elicitation/create")) {
    result.input_required =
        mcp::InputRequired{{{"sure", {"elicitation/create", {{"message", "Sure?"}}}}}, ""};
  } else {
    result.content.push_back(mcp::text_content("cannot ask"));
  }
  return result;
}

struct SessionFront : Front {
  std::promise<std::stop_token> running;  // the stop token of the first call of "wait"
  bool has_waited = false;
  mcp::Server asking{
      toy_info(),
      {{{kBuy, {buy}}, {kWait, {[this](const mcp::ToolCall& call) { return wait(call); }}}}}};
  transport::HttpFront endpoint{asking, {{kHost}, {}, "", ""}, admission, keys};

  // Goes on until it is stopped.
  mcp::ToolResult wait(const mcp::ToolCall& call) {
    if (!std::exchange(has_waited, true)) running.set_value(call.stop);
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::unique_lock lock(mutex);
    stopped.wait(lock, call.stop, [] { return false; });
    mcp::ToolResult result;
    result.content.push_back(mcp::text_content("stopped"));
    return result;
  }

  transport::HttpWork begin(const HttpRequest& request) const {
    return std::get<transport::HttpWork>(endpoint.serve(request).step);
  }
  HttpReply post_message(const HttpRequest& request) const {
    return std::get<HttpReply>(endpoint.serve(request).step);
  }
  std::string open(const std::string& capabilities) const {
    const HttpReply reply = post_message(
        legacy("initialize", std::string(R"("protocolVersion":"2025-11-25","capabilities":)") +
                                 capabilities + R"(,"clientInfo":{"name":"t","version":"1"})"));
    CHECK(reply.status == 200);
    return header(reply, "Mcp-Session-Id");
  }
};

HttpRequest in_session(HttpRequest request, const std::string& id) {
  return with(std::move(request), "Mcp-Session-Id", id);
}

std::string text_of(const HttpReply& reply) {
  return Json::parse(reply.body)["result"]["content"][0]["text"];
}

// A call of 2025-03-26's, as it stands in a batch.
std::string batched(int id, const std::string& tool) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
         R"(,"method":"tools/call","params":{"name":")" + tool + R"("}})";
}

constexpr const char* kCanElicit = R"({"elicitation":{}})";

}  // namespace

TEST_CASE("a session is for clients that can be asked something, and its id fits in a header") {
  const SessionFront front;
  CHECK(front.open("{}").empty());
  CHECK(front.open(R"({"elicitation":{"padding":")" + std::string(2000, 'x') + R"("}})").empty());
  const std::string id = front.open(kCanElicit);
  CHECK(!id.empty());
  for (const char c : id) CHECK((c > ' ' && c <= '~'));
  CHECK(front.open(kCanElicit) != id);
}

TEST_CASE("the session's id brings the capabilities back, to its owner alone") {
  const SessionFront front;
  const std::string id = front.open(kCanElicit);
  const auto session = transport::open_session_id(*front.keys, base::owner_id(kKey), id);
  REQUIRE(session);
  CHECK(session->client_capabilities.contains("elicitation"));
  CHECK_FALSE(transport::open_session_id(*front.keys, base::owner_id("motion_other"), id));
  CHECK_FALSE(transport::open_session_id(*front.keys, base::owner_id(kKey), id + "A"));
  CHECK_FALSE(transport::open_session_id(*front.keys, base::owner_id(kKey), ""));
}

TEST_CASE("a client is asked on the call's own stream, and answers with another POST") {
  SessionFront front;
  const std::string id = front.open(kCanElicit);
  const auto work = front.begin(in_session(legacy("tools/call", R"("name":"buy")"), id));
  const auto answer = [&](std::string_view asked) {
    const Json question = Json::parse(asked);
    CHECK(question["method"] == "elicitation/create");
    const std::string body =
        R"({"jsonrpc":"2.0","id":)" + question["id"].dump() + R"(,"result":{"action":"accept"}})";
    HttpRequest stranger = with(post(body), "Authorization", "Bearer motion_somebody_else");
    CHECK(front.post_message(stranger).status == 202);
    CHECK(front.post_message(in_session(post(body), id)).status == 202);
  };
  CHECK(text_of(work.run({{}, answer})) == "answer: accept");
}

TEST_CASE("without a session, a stream or the capability nobody is asked") {
  SessionFront front;
  const auto unheard = [](std::string_view) { CHECK(false); };
  const HttpRequest call = legacy("tools/call", R"("name":"buy")");
  CHECK(text_of(front.begin(call).run({{}, unheard})) == "cannot ask");
  CHECK(text_of(front.begin(in_session(call, "nonsense")).run({{}, unheard})) == "cannot ask");
  const std::string other = front.open(R"({"roots":{}})");
  CHECK(text_of(front.begin(in_session(call, other)).run({{}, unheard})) == "cannot ask");
  const HttpRequest json_only =
      with(in_session(call, front.open(kCanElicit)), "Accept", "application/json");
  CHECK(text_of(front.begin(json_only).run({{}, unheard})) == "cannot ask");
}

TEST_CASE("a cancellation counts within its own session") {
  SessionFront front;
  const std::string mine = front.open(kCanElicit);
  const std::string another = front.open(kCanElicit);
  const HttpRequest cancel =
      post(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}})");
  const auto work = front.begin(in_session(legacy("tools/call", R"("name":"wait")"), mine));
  std::jthread call([&](const std::stop_token& test_ended) {
    CHECK(text_of(work.run({test_ended, [](std::string_view) {}})) == "stopped");
  });
  const std::stop_token call_stop = front.running.get_future().get();
  CHECK(front.post_message(cancel).status == 202);
  CHECK(front.post_message(in_session(cancel, another)).status == 202);
  HttpRequest stranger = with(in_session(cancel, mine), "Authorization", "Bearer motion_other_one");
  CHECK(front.post_message(stranger).status == 202);
  CHECK_FALSE(call_stop.stop_requested());
  CHECK(front.post_message(in_session(cancel, mine)).status == 202);
  CHECK(call_stop.stop_requested());
}

TEST_CASE("a call in a batch asks its client, whose answer may come in a batch") {
  SessionFront front;
  const std::string id = front.open(kCanElicit);
  const auto work = front.begin(in_session(post("[" + batched(1, "buy") + "]"), id));
  const auto answer = [&](std::string_view asked) {
    const std::string body = R"([{"jsonrpc":"2.0","id":)" + Json::parse(asked)["id"].dump() +
                             R"(,"result":{"action":"accept"}}])";
    CHECK(front.post_message(in_session(post(body), id)).status == 202);
  };
  const Json answers = Json::parse(work.run({{}, answer}).body);
  REQUIRE(answers.size() == 1);
  CHECK(answers[0]["result"]["content"][0]["text"] == "answer: accept");
}

TEST_CASE("the calls of a batch can be cancelled, one that waits for its turn too, by a batch") {
  SessionFront front;
  const std::string id = front.open(kCanElicit);
  const auto work =
      front.begin(in_session(post("[" + batched(1, "wait") + "," + batched(2, "wait") + "]"), id));
  std::jthread call([&](const std::stop_token& test_ended) {
    const Json answers = Json::parse(work.run({test_ended, [](std::string_view) {}}).body);
    CHECK(answers.size() == 2);
    for (const Json& answer : answers) CHECK(answer["result"]["content"][0]["text"] == "stopped");
  });
  const std::stop_token first = front.running.get_future().get();
  const auto cancel = [](int call_id) {
    return R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)" +
           std::to_string(call_id) + "}}";
  };
  const HttpRequest both = post("[" + cancel(2) + "," + cancel(1) + "]");
  CHECK(front.post_message(both).status == 202);
  CHECK_FALSE(first.stop_requested());
  CHECK(front.post_message(in_session(both, id)).status == 202);
  CHECK(first.stop_requested());
  call.join();  // without another stop
}
