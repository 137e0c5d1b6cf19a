// Calls that need an answer from the client before they go on. These tests try to have a tool run
// with answers that were given for another call, to have a client asked what it cannot answer, and
// to keep a call going for ever.
#include "mcp/input.h"

#include <doctest/doctest.h>

#include <string>

#include "fakes/manual_clock.h"
#include "mcp/request_state.h"
#include "mcp/server.h"

using namespace motion_mcp;
using namespace motion_mcp::mcp;

namespace {

constexpr std::string_view kBuy =
    R"({"name": "buy", "inputSchema": {"type": "object", "properties": {"what": {"type": "string"}}}})";

// Asks for a yes, then does it; without a form to ask with it says so.
ToolResult buy(const ToolCall& call) {
  ToolResult result;
  if (!can_answer(call.capabilities, "elicitation/create")) {
    result.content.push_back(text_content("cannot ask"));
    return result;
  }
  const auto answer = call.input.answers.find("sure");
  if (answer == call.input.answers.end()) {
    result.input_required = InputRequired{
        {{"sure", {"elicitation/create", {{"mode", "form"}, {"message", "Sure?"}}}}}, "price 5"};
    return result;
  }
  result.content.push_back(text_content("bought for " + call.input.state + ", " +
                                        answer->value("action", "nothing said")));
  return result;
}

ToolResult insist(const ToolCall&) {
  ToolResult result;
  result.input_required = InputRequired{{{"more", {"roots/list"}}}, ""};
  return result;
}

struct Peer {
  Server server{
      {"toy", "Toy", "1.2.3", "https://example.org", ""},
      {{{kBuy, {buy}}, {R"({"name": "insist", "inputSchema": {"type": "object"}})", {insist}}}}};
  Connection connection;
  Caller caller{"motion_ada"};
  std::function<std::optional<Json>(std::string_view method, const Json& params)> client;
  Fault fault = Fault::none;

  Json ask(const std::string& method, const Json& params) {
    const Json message = {{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}};
    auto parsed = jsonrpc::parse(message.dump());
    Step step = server.accept(std::get<jsonrpc::Message>(std::move(parsed)), connection, caller);
    Reply reply;
    if (auto* work = std::get_if<Work>(&step)) {
      reply = work->run({{}, [](std::string_view) {}, client});
    } else {
      reply = std::get<Reply>(step);
    }
    fault = reply.fault;
    return Json::parse(reply.text);
  }

  Json modern(Json params, const Json& capabilities = {{"elicitation", Json::object()}}) {
    params["_meta"] = {{"io.modelcontextprotocol/protocolVersion", "2026-07-28"},
                       {"io.modelcontextprotocol/clientCapabilities", capabilities}};
    return ask("tools/call", params);
  }

  void initialize(const Json& capabilities, const char* version = "2025-11-25") {
    ask("initialize", {{"protocolVersion", version},
                       {"capabilities", capabilities},
                       {"clientInfo", {{"name", "t"}, {"version", "1"}}}});
  }
};

Json buying(const char* what) {
  return {{"name", "buy"}, {"arguments", {{"what", what}}}};
}

Json again(Json params, const Json& state, const Json& answers) {
  params["requestState"] = state;
  params["inputResponses"] = answers;
  return params;
}

const Json kYes = {{"sure", {{"action", "accept"}}}};

}  // namespace

TEST_CASE("2026-07-28: the first round asks, the second has the answers and the state") {
  Peer peer;
  const Json first = peer.modern(buying("fox"))["result"];
  CHECK(first["resultType"] == "input_required");
  CHECK(first["inputRequests"]["sure"]["method"] == "elicitation/create");
  CHECK(first["inputRequests"]["sure"]["params"]["message"] == "Sure?");
  const std::string state = first["requestState"];
  CHECK(state.find("price") == std::string::npos);

  const Json second = peer.modern(again(buying("fox"), state, kYes))["result"];
  CHECK(second["resultType"] == "complete");
  CHECK(second["content"][0]["text"] == "bought for price 5, accept");
}

TEST_CASE("2026-07-28: a state is good for the same caller, tool and arguments alone") {
  Peer peer;
  const std::string state = peer.modern(buying("fox"))["result"]["requestState"];
  const auto refused = [&](const Json& answer) { return answer["error"]["code"] == -32602; };
  CHECK(refused(peer.modern(again(buying("hen"), state, kYes))));
  CHECK(refused(peer.modern(again(buying("fox"), state + "x", kYes))));
  CHECK(refused(peer.modern(again(buying("fox"), 7, kYes))));
  Json insisting = {{"name", "insist"}, {"arguments", {{"what", "fox"}}}};
  CHECK(refused(peer.modern(again(insisting, state, kYes))));
  peer.caller.credential = "motion_bob";
  CHECK(refused(peer.modern(again(buying("fox"), state, kYes))));
}

TEST_CASE("2026-07-28: the same arguments in another order are the same call") {
  Peer peer;
  Json params = {{"name", "buy"}, {"arguments", {{"what", "fox"}, {"how", "fast"}}}};
  const std::string state = peer.modern(params)["result"]["requestState"];
  params["arguments"] = {{"how", "fast"}, {"what", "fox"}};
  const Json second = peer.modern(again(params, state, kYes))["result"];
  CHECK(second["content"][0]["text"] == "bought for price 5, accept");
}

TEST_CASE("2026-07-28: answers without a state are taken, odd ones refused, others' keys ignored") {
  Peer peer;
  Json params = buying("fox");
  params["inputResponses"] = {{"sure", {{"action", "accept"}}}, {"other", {{"a", 1}}}};
  CHECK(peer.modern(params)["result"]["content"][0]["text"] == "bought for , accept");
  params["inputResponses"] = {{"wrong_key", {{"action", "accept"}}}};
  CHECK(peer.modern(params)["result"]["resultType"] == "input_required");
  params["inputResponses"] = {{"sure", "yes"}};
  CHECK(peer.modern(params)["error"]["code"] == -32602);
  params["inputResponses"] = Json::array();
  CHECK(peer.modern(params)["error"]["code"] == -32602);
}

TEST_CASE("a client is not asked what it did not declare") {
  Peer peer;
  CHECK(peer.modern(buying("fox"), Json::object())["result"]["content"][0]["text"] == "cannot ask");
  const Json refused = peer.modern({{"name", "insist"}});
  CHECK(refused["error"]["code"] == -32021);
  CHECK(refused["error"]["data"]["requiredCapabilities"] == Json{{"roots", Json::object()}});
  CHECK(peer.fault == Fault::bad_request);
}

TEST_CASE("which capability a request needs") {
  const Json form = {{"elicitation", {{"form", Json::object()}}}};
  CHECK(can_answer(form, "elicitation/create"));
  CHECK(can_answer({{"elicitation", Json::object()}}, "elicitation/create"));
  CHECK_FALSE(can_answer({{"elicitation", {{"url", Json::object()}}}}, "elicitation/create"));
  CHECK_FALSE(can_answer({{"elicitation", true}}, "elicitation/create"));
  CHECK_FALSE(can_answer(form, "sampling/createMessage"));
  CHECK(can_answer({{"sampling", Json::object()}}, "sampling/createMessage"));
  CHECK(can_answer({{"roots", Json::object()}}, "roots/list"));
}

TEST_CASE("older versions: the client is asked while the call runs") {
  for (const char* version : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"}) {
    CAPTURE(version);
    Peer peer;
    peer.initialize({{"elicitation", Json::object()}}, version);
    std::string asked;
    peer.client = [&](std::string_view method, const Json& params) {
      asked = std::string(method) + " " + params.value("message", "");
      return std::optional(Json{{"action", "accept"}});
    };
    const Json answer = peer.ask("tools/call", buying("fox"));
    CHECK(asked == "elicitation/create Sure?");
    CHECK(answer["result"]["content"][0]["text"] == "bought for price 5, accept");
  }
}

TEST_CASE("older versions: a client that does not answer is one that cannot be asked") {
  Peer peer;
  peer.initialize({{"elicitation", Json::object()}});
  CHECK(peer.ask("tools/call", buying("fox"))["result"]["content"][0]["text"] == "cannot ask");
  peer.client = [&](std::string_view, const Json&) { return std::optional<Json>(); };
  CHECK(peer.ask("tools/call", buying("fox"))["result"]["content"][0]["text"] == "cannot ask");
  peer.initialize(Json::object());
  CHECK(peer.ask("tools/call", buying("fox"))["result"]["content"][0]["text"] == "cannot ask");
}

TEST_CASE("older versions: a tool that goes on asking is stopped") {
  Peer peer;
  peer.initialize({{"roots", Json::object()}});
  int asked = 0;
  peer.client = [&](std::string_view, const Json&) {
    ++asked;
    return std::optional<Json>(Json::object());
  };
  CHECK(peer.ask("tools/call", {{"name", "insist"}})["error"]["code"] == -32603);
  CHECK(asked == 8);
}

TEST_CASE("a state expires") {
  fakes::ManualClock clock;
  const RequestState state(base::SealKeySource::of_this_process(), clock);
  const std::string token = state.seal("a\nb", "binding");
  CHECK(state.open(token, "binding") == "a\nb");
  CHECK_FALSE(state.open(token, "other"));
  clock.advance(RequestState::kLifetime + std::chrono::seconds(1));
  CHECK_FALSE(state.open(token, "binding"));
}
