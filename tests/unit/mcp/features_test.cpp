// Prompts, log messages, announced changes and repeated arguments, which the product does not have
// and the libraries do. These tests try to get what was not declared, to be told what was not asked
// for, and to have a header say otherwise than the body.
#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

#include "fakes/manual_clock.h"
#include "mcp/server.h"
#include "unit/mcp/toy_resources.h"
#include "unit/mcp/toy_tools.h"

using namespace motion_mcp;
using namespace motion_mcp::mcp;

namespace {

constexpr std::array kVersions = {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25",
                                  "2026-07-28"};
constexpr const char* kNewestVersion = "2026-07-28";

Result<PromptResult> greet(const PromptRequest& request) {
  const std::string name = request.arguments.value("name", "");
  if (name == "nobody") return Error{ErrorKind::invalid_argument, "nobody cannot be greeted"};
  if (name == "throw") throw std::runtime_error("secret");
  PromptResult result;
  result.description = "A greeting";
  if (name == "ask" && !request.input.answers.contains("name")) {
    result.input_required = InputRequired{{{"name", {"elicitation/create", Json::object()}}}, "s"};
    return result;
  }
  result.messages.push_back(prompt_message(Role::assistant, text_content("Hello " + name)));
  return result;
}

ToolResult talk(const ToolCall& call) {
  call.log(LogLevel::debug, "whispered");
  call.log(LogLevel::info, "said");
  call.log(LogLevel::error, Json{{"shouted", true}});
  return {};
}

Features all_features(std::shared_ptr<Changes> changes) {
  Features features;
  features.tools = {{R"({"name": "talk", "inputSchema": {"type": "object"}})", {talk}},
                    {R"({"name": "region", "inputSchema": {"type": "object", "properties": {
          "where": {"type": "string", "x-mcp-header": "Where"},
          "deep": {"type": "object", "properties": {"n": {"type": "integer", "x-mcp-header": "Number"}}}}}})",
                     {[](const ToolCall&) { return ToolResult{}; }}}};
  features.resources = test::toy_resources();
  features.prompts = {
      {R"({"name": "greet", "arguments": [{"name": "name", "required": true}, {"name": "more"}]})",
       greet, [](const CompletionRequest& request) -> Result<Completion> {
         return Completion{{std::string(request.variable) + ":" + std::string(request.value)}, {}};
       }}};
  features.has_logging = true;
  features.changes = std::move(changes);
  return features;
}

struct Peer {
  std::string version;
  std::shared_ptr<Changes> changes = std::make_shared<Changes>();
  Server server{test::toy_info(), all_features(changes)};
  Connection connection;
  Json capabilities = Json::object();
  Json extra_meta = Json::object();
  std::vector<Json> told;

  explicit Peer(std::string of, bool has_outlet = true) : version(std::move(of)) {
    if (is_new()) return;
    if (has_outlet) {
      connection.outlet = [this](std::string_view text) { told.push_back(Json::parse(text)); };
    }
    request("initialize", {{"protocolVersion", version}, {"capabilities", capabilities}});
  }
  [[nodiscard]] bool is_new() const { return version == kNewestVersion; }

  Step step(std::string_view method, Json params) {
    if (is_new()) {
      params["_meta"] = {{"io.modelcontextprotocol/protocolVersion", version},
                         {"io.modelcontextprotocol/clientCapabilities", capabilities}};
      params["_meta"].update(extra_meta);
    }
    const Json message = {{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}};
    auto parsed = jsonrpc::parse(message.dump());
    return server.accept(std::get<jsonrpc::Message>(std::move(parsed)), connection, {});
  }
  Json request(std::string_view method, const Json& params) {
    Step made = step(method, params);
    if (const auto* work = std::get_if<Work>(&made)) {
      RunContext context;
      context.notify = [this](std::string_view text) { told.push_back(Json::parse(text)); };
      return Json::parse(work->run(context).text);
    }
    return Json::parse(std::get<Reply>(made).text);
  }
  Json declared() {
    return is_new()
               ? request("server/discover", Json::object())["result"]["capabilities"]
               : request("initialize", {{"protocolVersion", version}})["result"]["capabilities"];
  }
  Json greeting(const char* name) {
    return request("prompts/get", {{"name", "greet"}, {"arguments", {{"name", name}}}});
  }
};

std::vector<std::string> methods_of(const std::vector<Json>& messages) {
  std::vector<std::string> methods;
  for (const Json& message : messages) methods.push_back(message["method"]);
  return methods;
}

}  // namespace

TEST_CASE("everything that is there is declared, and changes where they can be told") {
  for (const char* version : kVersions) {
    CAPTURE(version);
    Peer peer(version);
    const Json declared = peer.declared();
    CHECK(declared["prompts"] == Json{{"listChanged", true}});
    CHECK(declared["tools"] == Json{{"listChanged", true}});
    CHECK(declared["resources"] == Json{{"listChanged", true}, {"subscribe", true}});
    CHECK(declared["logging"] == Json::object());
    if (peer.is_new()) continue;
    Peer mute(version, false);
    CHECK(mute.declared()["tools"] == Json::object());
    CHECK(mute.request("resources/subscribe", {{"uri", "test://text"}})["error"]["code"] == -32601);
  }
}

TEST_CASE("what a server does not have it neither declares nor answers") {
  for (const char* method : {"prompts/list", "prompts/get", "resources/subscribe"}) {
    const Server server(test::toy_info(), {test::toy_tools()});
    Connection connection;
    auto parsed = jsonrpc::parse(R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) +
                                 R"(","params":{"name":"greet","uri":"test://text"}})");
    Step made = server.accept(std::get<jsonrpc::Message>(std::move(parsed)), connection, {});
    CHECK(Json::parse(std::get<Reply>(made).text)["error"]["code"] == -32601);
  }
}

TEST_CASE("a prompt is listed, got and refused alike in every version") {
  for (const char* version : kVersions) {
    CAPTURE(version);
    Peer peer(version);
    const Json list = peer.request("prompts/list", Json::object())["result"];
    CHECK(list["prompts"][0]["name"] == "greet");
    CHECK(list.contains("ttlMs") == peer.is_new());
    const Json got = peer.greeting("Ada")["result"];
    CHECK(got["messages"] ==
          Json::array(
              {{{"role", "assistant"}, {"content", {{"type", "text"}, {"text", "Hello Ada"}}}}}));
    CHECK(got["description"] == "A greeting");
    CHECK(got.contains("resultType") == peer.is_new());
    CHECK(peer.request("prompts/get", {{"name", "greet"}})["error"]["code"] == -32602);
    CHECK(peer.request("prompts/get", {{"name", "none"}})["error"]["code"] == -32602);
    CHECK(peer.request("prompts/get", Json::object())["error"]["code"] == -32602);
    CHECK(peer.request("prompts/get", {{"name", "greet"},
                                       {"arguments", {{"name", 5}}}})["error"]["code"] == -32602);
    CHECK(peer.greeting("nobody")["error"]["code"] == -32602);
    CHECK(peer.greeting("throw")["error"]["code"] == -32603);
    CHECK(peer.greeting("throw").dump().find("secret") == std::string::npos);
  }
}

TEST_CASE("a prompt's arguments are completed, and nothing else is") {
  Peer peer("2025-11-25");
  const auto complete = [&](const char* prompt, const char* argument) {
    return peer.request("completion/complete",
                        {{"ref", {{"type", "ref/prompt"}, {"name", prompt}}},
                         {"argument", {{"name", argument}, {"value", "v"}}}});
  };
  CHECK(complete("greet", "more")["result"]["completion"]["values"] == Json::array({"more:v"}));
  CHECK(complete("greet", "other")["error"]["code"] == -32602);
  CHECK(complete("none", "name")["error"]["code"] == -32602);
}

TEST_CASE("a prompt asks in rounds, and takes answers to its own question only") {
  Peer peer(kNewestVersion);
  CHECK(peer.greeting("ask")["error"]["code"] == -32021);
  peer.capabilities = {{"elicitation", Json::object()}};
  const Json asked = peer.greeting("ask")["result"];
  CHECK(asked["resultType"] == "input_required");
  const auto answer = [&](const char* name) {
    return peer.request("prompts/get", {{"name", "greet"},
                                        {"arguments", {{"name", name}}},
                                        {"requestState", asked["requestState"]},
                                        {"inputResponses", {{"name", {{"action", "accept"}}}}}});
  };
  CHECK(answer("ask")["result"]["messages"].size() == 1);
  CHECK(answer("Ada")["error"]["code"] == -32602);
}

TEST_CASE("a call's messages reach who asked for them, from the level they asked for") {
  Peer newest(kNewestVersion);
  const Json call = {{"name", "talk"}};
  newest.request("tools/call", call);
  CHECK(newest.told.empty());
  newest.extra_meta = {{"io.modelcontextprotocol/logLevel", "error"}};
  newest.request("tools/call", call);
  REQUIRE(newest.told.size() == 1);
  CHECK(newest.told[0]["params"] == Json{{"level", "error"}, {"data", {{"shouted", true}}}});

  for (const char* version : kVersions) {
    CAPTURE(version);
    Peer peer(version);
    if (peer.is_new()) continue;
    peer.request("tools/call", call);
    CHECK(peer.told.size() == 2);
    CHECK(peer.request("logging/setLevel", {{"level", "debug"}})["result"] == Json::object());
    peer.request("tools/call", call);
    CHECK(peer.told.size() == 5);
    CHECK(peer.request("logging/setLevel", {{"level", "loud"}})["error"]["code"] == -32602);
    CHECK(peer.request("logging/setLevel", Json::object())["error"]["code"] == -32602);
  }
}

TEST_CASE("a connection is told of changed lists, and of resources that it subscribed to") {
  for (const char* version : kVersions) {
    CAPTURE(version);
    Peer peer(version);
    if (peer.is_new()) continue;
    peer.changes->announce({Change::Kind::tools});
    peer.changes->announce({Change::Kind::resource_updated, "test://text"});
    CHECK(methods_of(peer.told) == std::vector<std::string>{"notifications/tools/list_changed"});
    CHECK(peer.request("resources/subscribe", {{"uri", "test://text"}})["result"] ==
          Json::object());
    CHECK(peer.request("resources/subscribe", Json::object())["error"]["code"] == -32602);
    peer.changes->announce({Change::Kind::resource_updated, "test://text"});
    peer.changes->announce({Change::Kind::resource_updated, "test://binary"});
    REQUIRE(peer.told.size() == 2);
    CHECK(peer.told[1]["params"]["uri"] == "test://text");
    peer.request("resources/unsubscribe", {{"uri", "test://text"}});
    peer.changes->announce({Change::Kind::resource_updated, "test://text"});
    peer.connection.changes.reset();
    peer.changes->announce({Change::Kind::prompts});
    CHECK(peer.told.size() == 2);
  }
}

TEST_CASE("a stream is told what it asked for, once each, under its own id") {
  Peer peer(kNewestVersion);
  Step made = peer.step("subscriptions/listen", {{"notifications",
                                                  {{"toolsListChanged", true},
                                                   {"promptsListChanged", false},
                                                   {"resourceSubscriptions", {"test://text"}}}}});
  std::stop_source stop;
  RunContext context;
  context.stop = stop.get_token();
  context.notify = [&](std::string_view text) {
    peer.told.push_back(Json::parse(text));
    if (peer.told.size() == 1) {
      peer.changes->announce({Change::Kind::prompts});
      peer.changes->announce({Change::Kind::resource_updated, "test://binary"});
      peer.changes->announce({Change::Kind::tools});
      peer.changes->announce({Change::Kind::tools});
      peer.changes->announce({Change::Kind::resource_updated, "test://text"});
    }
    if (peer.told.size() == 3) stop.request_stop();
  };
  const Json end = Json::parse(std::get<Work>(made).run(context).text);
  CHECK(end["result"]["resultType"] == "complete");
  CHECK(methods_of(peer.told) ==
        std::vector<std::string>{"notifications/subscriptions/acknowledged",
                                 "notifications/tools/list_changed",
                                 "notifications/resources/updated"});
  CHECK(peer.told[0]["params"]["notifications"] ==
        Json{{"toolsListChanged", true}, {"resourceSubscriptions", {"test://text"}}});
  for (const Json& message : peer.told) {
    CHECK(message["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"] == 1);
  }
}

TEST_CASE("an argument that is repeated in a header is there twice, or not at all") {
  struct Item {
    Json arguments;
    std::vector<std::pair<std::string, std::string>> headers;
    bool is_fine;
  };
  const std::vector<Item> items = {
      {Json::object(), {}, true},
      {{{"where", "here"}}, {{"Mcp-Param-Where", "here"}}, true},
      {{{"where", "Hello"}}, {{"Mcp-Param-Where", "=?base64?SGVsbG8=?="}}, true},
      {{{"where", "=?base64?SGVsbG8="}}, {{"Mcp-Param-Where", "=?base64?SGVsbG8="}}, true},
      {{{"deep", {{"n", 7}}}}, {{"Mcp-Param-Number", "7"}}, true},
      {{{"where", "here"}}, {}, false},
      {{{"where", "here"}}, {{"Mcp-Param-Where", "there"}}, false},
      {{{"where", "Hello"}}, {{"Mcp-Param-Where", "=?base64?SGVs!!!bG8=?="}}, false},
      {Json::object(), {{"Mcp-Param-Where", "here"}}, false},
      {{{"deep", {{"n", 7}}}}, {{"Mcp-Param-Number", "8"}}, false},
      {nullptr, {}, true},
      {nullptr, {{"Mcp-Param-Where", "here"}}, false},
      {{{"deep", Json::array({7})}}, {}, true},
      {{{"deep", Json::array({7})}}, {{"Mcp-Param-Number", "7"}}, false},
      {{{"deep", "n"}}, {}, true},
      // No arguments at all, which is the schema's to refuse.
      {7, {}, true},
      {"where", {{"Mcp-Param-Where", "here"}}, true},
      {Json::array({"where"}), {}, true},
      {false, {}, true},
  };
  for (const Item& item : items) {
    Peer peer(kNewestVersion);
    peer.connection.headers =
        HeaderMirror{kNewestVersion, "tools/call", "region",
                     [&](std::string_view name) -> std::optional<std::string> {
                       for (const auto& header : item.headers) {
                         if (header.first == name) return header.second;
                       }
                       return std::nullopt;
                     }};
    CAPTURE(item.arguments.dump());
    const Json answer =
        peer.request("tools/call", {{"name", "region"}, {"arguments", item.arguments}});
    CHECK(answer.contains("result") == item.is_fine);
    if (!item.is_fine) CHECK(answer["error"]["code"] == -32020);
  }
}
