// Tools that need a further credential. These tests try to see, name or call one without it, to
// have others' lists change because of it, and to carry a round of a call from one key to another.
#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "unit/mcp/toy_tools.h"

using namespace motion_mcp;
using namespace motion_mcp::mcp;

namespace {

constexpr const char* kMeta =
    R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}})";

constexpr std::string_view kPaintDefinition =
    R"({"name": "paint", "inputSchema": {"type": "object"}})";
constexpr std::string_view kCarveDefinition =
    R"({"name": "carve", "inputSchema": {"type": "object"}})";

ToolResult say_key(const ToolCall& call, std::string_view credential) {
  ToolResult result;
  result.content.push_back(text_content(std::string(call.caller.key(credential))));
  return result;
}

std::vector<Tool> with_further(std::vector<Tool> tools) {
  tools.insert(
      tools.begin(),
      {kCarveDefinition, {[](const ToolCall& call) { return say_key(call, "stone"); }}, "stone"});
  tools.push_back(
      {kPaintDefinition, {[](const ToolCall& call) { return say_key(call, "colour"); }}, "colour"});
  return tools;
}

ServerInfo info_with_further() {
  ServerInfo info = test::toy_info();
  info.further_instructions = {{"colour", "Paint well."}, {"stone", "Carve well."}};
  return info;
}

std::string answer(const Server& server, const Caller& caller, std::string_view method,
                   const std::string& params = "") {
  Connection connection;
  auto parsed = jsonrpc::parse(R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) +
                               R"(","params":{)" + params + "}}");
  Step step = server.accept(std::get<jsonrpc::Message>(std::move(parsed)), connection, caller);
  if (auto* work = std::get_if<Work>(&step)) return work->run({}).text;
  return std::get<Reply>(step).text;
}

std::string names_in(const std::string& listed) {
  const Json listing = Json::parse(listed);
  std::string names;
  for (const Json& tool : listing["result"]["tools"])
    names += tool["name"].get<std::string>() + " ";
  return names;
}

Caller holder(std::map<std::string, std::string, std::less<>> further) {
  return {"motion_key", std::move(further)};
}

}  // namespace

TEST_CASE(
    "who has none of the credentials gets byte for byte what a server without the tools says") {
  const Server plain(test::toy_info(), {test::toy_tools()});
  const Server server(info_with_further(), {with_further(test::toy_tools())});
  const std::string begin =
      R"("protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"})";
  for (const Caller& caller :
       {Caller{}, Caller{"motion_key"}, holder({{"colour", ""}}), holder({{"other", "a key"}})}) {
    CHECK(answer(server, caller, "tools/list") == answer(plain, caller, "tools/list"));
    CHECK(answer(server, caller, "tools/list", kMeta) ==
          answer(plain, caller, "tools/list", kMeta));
    CHECK(answer(server, caller, "server/discover", kMeta) ==
          answer(plain, caller, "server/discover", kMeta));
    CHECK(answer(server, caller, "initialize", begin) ==
          answer(plain, caller, "initialize", begin));
    const std::string unknown = R"("name":"paint")";
    CHECK(answer(server, caller, "tools/call", unknown) ==
          answer(plain, caller, "tools/call", unknown));
  }
}

TEST_CASE("each caller sees and calls the tools of the credentials that it has") {
  const Server server(info_with_further(), {with_further(test::toy_tools())});
  CHECK(names_in(answer(server, holder({{"colour", "c"}}), "tools/list")) ==
        "echo fail throw paint ");
  CHECK(names_in(answer(server, holder({{"stone", "s"}}), "tools/list")) ==
        "carve echo fail throw ");
  const Caller both = holder({{"stone", "s-key"}, {"colour", "c-key"}});
  CHECK(names_in(answer(server, both, "tools/list")) == "carve echo fail throw paint ");
  CHECK(answer(server, both, "tools/call", R"("name":"paint")").find("c-key") != std::string::npos);
  CHECK(answer(server, both, "tools/call", R"("name":"carve")").find("s-key") != std::string::npos);
  const Json refused =
      Json::parse(answer(server, holder({{"stone", "s"}}), "tools/call", R"("name":"paint")"));
  CHECK(refused["error"]["code"] == -32602);
  CHECK(refused["error"]["message"].get<std::string>().find("carve") != std::string::npos);
  CHECK(refused["error"]["message"].get<std::string>().find("echo, fail, throw, paint") ==
        std::string::npos);
}

TEST_CASE("instructions tell of the tools that the caller sees") {
  const Server server(info_with_further(), {with_further(test::toy_tools())});
  const auto told = [&](const Caller& caller) {
    return Json::parse(answer(server, caller, "server/discover", kMeta))["result"];
  };
  CHECK(told(holder({{"stone", "s"}}))["instructions"] == "Be kind.\n\nCarve well.");
  CHECK(told(holder({{"stone", "s"}, {"colour", "c"}}))["instructions"] ==
        "Be kind.\n\nPaint well.\n\nCarve well.");
}

TEST_CASE("what one caller sees alone is not to be kept for others") {
  const Server server(info_with_further(), {with_further(test::toy_tools())});
  for (const char* method : {"tools/list", "server/discover"}) {
    const auto scope = [&](const Caller& caller) {
      return Json::parse(answer(server, caller, method, kMeta))["result"]["cacheScope"];
    };
    CHECK(scope({}) == "public");
    CHECK(scope(holder({{"stone", "s"}})) == "private");
  }
}

TEST_CASE("a round of a call is good for the key that the tool works with, and for no other") {
  Tool asking{kPaintDefinition,
              {[](const ToolCall& call) {
                ToolResult result;
                if (!call.input.state.empty()) {
                  result.content.push_back(text_content("went on"));
                } else {
                  result.input_required = InputRequired{{}, "state"};
                }
                return result;
              }},
              "colour"};
  const Server server(info_with_further(), {{std::move(asking)}});
  const Caller first = holder({{"colour", "first"}});
  const std::string call = R"("name":"paint",)";
  const Json asked = Json::parse(answer(server, first, "tools/call", call + kMeta));
  const std::string state = asked["result"]["requestState"];
  const std::string again = call + R"("requestState":")" + state + "\"," + kMeta;
  CHECK(answer(server, first, "tools/call", again).find("went on") != std::string::npos);
  const Caller second = holder({{"colour", "second"}});
  CHECK(Json::parse(answer(server, second, "tools/call", again)).contains("error"));
}
