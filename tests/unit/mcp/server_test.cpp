// The two eras share one server. These tests try to make one leak into the other, to get two
// answers or none, and to reach a tool with arguments that its schema refuses.
#include "mcp/server.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "unit/mcp/toy_tools.h"

using namespace motion_mcp;
using namespace motion_mcp::mcp;

namespace {

constexpr const char* kModernMeta =
    R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}})";

struct Peer {
  explicit Peer(std::vector<Tool> tools = test::toy_tools())
      : server(test::toy_info(), {std::move(tools)}) {}

  Server server;
  Connection connection;
  Caller caller;
  std::vector<std::string> notifications;
  // The client's side of a request from the server; empty for a transport without a way back.
  std::function<std::optional<Json>(std::string_view method, const Json& params)> ask_client;

  Step step(std::string_view text) {
    auto parsed = jsonrpc::parse(text);
    REQUIRE(std::holds_alternative<jsonrpc::Message>(parsed));
    return server.accept(std::get<jsonrpc::Message>(std::move(parsed)), connection, caller);
  }

  // The answer, run to its end when it is work.
  Json ask(std::string_view text) {
    Step made = step(text);
    if (auto* work = std::get_if<Work>(&made)) {
      return Json::parse(
          work->run({{},
                     [this](std::string_view line) { notifications.emplace_back(line); },
                     ask_client})
              .text);
    }
    REQUIRE(std::holds_alternative<Reply>(made));
    return Json::parse(std::get<Reply>(made).text);
  }

  Json request(std::string_view method, std::string_view params) {
    return ask(R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) + R"(","params":{)" +
               std::string(params) + "}}");
  }

  Json modern(std::string_view method, std::string_view params) {
    return request(method, std::string(params) + (params.empty() ? "" : ",") + kModernMeta);
  }

  void initialize(std::string_view version) {
    request("initialize", R"("protocolVersion":")" + std::string(version) +
                              R"(","capabilities":{},"clientInfo":{"name":"t","version":"1"})");
  }
};

}  // namespace

TEST_CASE("initialize echoes a version it knows and offers the newest of its era otherwise") {
  for (const char* version : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"}) {
    Peer peer;
    const Json answer =
        peer.request("initialize", R"("protocolVersion":")" + std::string(version) + "\"");
    CHECK(answer["result"]["protocolVersion"] == version);
    CHECK(peer.connection.negotiated == parse_version(version));
  }
  for (const char* version : {"2026-07-28", "2024-10-07", "2099-01-01"}) {
    Peer peer;
    const Json answer =
        peer.request("initialize", R"("protocolVersion":")" + std::string(version) + "\"");
    CHECK(answer["result"]["protocolVersion"] == "2025-11-25");
    CHECK(answer["result"]["instructions"] == "Be kind.");
    CHECK(answer["result"]["serverInfo"]["name"] == "toy");
  }
}

TEST_CASE("initialize without a version is refused") {
  Peer peer;
  CHECK(peer.request("initialize", "")["error"]["code"] == -32602);
  CHECK_FALSE(peer.connection.negotiated);
}

TEST_CASE("a request with a version of its own is served by it, whatever was negotiated") {
  Peer peer;
  peer.initialize("2025-06-18");
  const Json modern = peer.modern("tools/list", "");
  CHECK(modern["result"]["resultType"] == "complete");
  CHECK(modern["result"]["ttlMs"].is_number_integer());
  CHECK(modern["result"]["cacheScope"] == "public");
  const Json legacy = peer.request("tools/list", "");
  CHECK(legacy["result"].size() == 1);
  CHECK(legacy["result"]["tools"] == modern["result"]["tools"]);
}

TEST_CASE("methods of one era are unknown in the other") {
  Peer peer;
  for (const char* method :
       {"initialize", "ping", "logging/setLevel", "resources/subscribe", "x"}) {
    CHECK(peer.modern(method, "")["error"]["code"] == -32601);
  }
  CHECK(peer.request("server/discover", "")["error"]["code"] == -32601);
  CHECK(peer.request("subscriptions/listen", "")["error"]["code"] == -32601);
  CHECK(peer.request("ping", "")["result"] == Json::object());
  CHECK(peer.request("logging/setLevel", R"("level":"info")")["result"] == Json::object());
}

TEST_CASE("a per-request envelope that is incomplete is refused and names the missing key") {
  Peer peer;
  const Json no_capabilities = peer.request(
      "tools/list", R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"})");
  CHECK(no_capabilities["error"]["code"] == -32602);
  CHECK(no_capabilities["error"]["message"].get<std::string>().find("clientCapabilities") !=
        std::string::npos);
  CHECK(peer.request("tools/list",
                     R"("_meta":{"io.modelcontextprotocol/protocolVersion":7})")["error"]["code"] ==
        -32602);
}

TEST_CASE("an unsupported per-request version is answered with the supported ones") {
  Peer peer;
  for (const char* version : {"2027-01-01", "2025-11-25"}) {
    const Json answer = peer.request("server/discover",
                                     R"("_meta":{"io.modelcontextprotocol/protocolVersion":")" +
                                         std::string(version) +
                                         R"(","io.modelcontextprotocol/clientCapabilities":{}})");
    CHECK(answer["error"]["code"] == -32022);
    CHECK(answer["error"]["data"]["supported"] == Json{"2026-07-28"});
    CHECK(answer["error"]["data"]["requested"] == version);
  }
}

TEST_CASE("discover names only versions that need no handshake") {
  Peer peer;
  const Json result = peer.modern("server/discover", "")["result"];
  CHECK(result["supportedVersions"] == Json{"2026-07-28"});
  CHECK(result["capabilities"] == Json{{"tools", Json::object()}});
  CHECK(result["_meta"]["io.modelcontextprotocol/serverInfo"]["version"] == "1.2.3");
}

TEST_CASE("a tool's result is complete in new versions and reduced for old ones") {
  Peer peer;
  const char* call = R"("name":"echo","arguments":{"text":"hi"})";
  const Json modern = peer.modern("tools/call", call)["result"];
  CHECK(modern["resultType"] == "complete");
  CHECK(modern["content"].size() == 2);
  CHECK(modern["structuredContent"]["text"] == "hi");
  CHECK_FALSE(modern.contains("isError"));

  peer.initialize("2025-06-18");
  const Json legacy = peer.request("tools/call", call)["result"];
  CHECK(legacy["content"].size() == 2);
  CHECK(legacy["structuredContent"]["text"] == "hi");
  CHECK_FALSE(legacy.contains("resultType"));

  for (const char* version : {"2024-11-05", "2025-03-26"}) {
    peer.initialize(version);
    const Json old = peer.request("tools/call", call)["result"];
    REQUIRE(old["content"].size() == 1);
    CHECK(old["content"][0]["type"] == "text");
    CHECK_FALSE(old.contains("structuredContent"));
  }
}

TEST_CASE("an outputSchema is listed in the versions that send what follows it, and in no other") {
  std::vector<Tool> tools = test::toy_tools();
  tools.push_back({R"({"name": "told", "title": "Told", "inputSchema": {"type": "object"},
                       "outputSchema": {"type": "object"}, "_meta": {"a/b": 1}})",
                   {test::fail}});
  Peer peer(std::move(tools));
  const auto schemas = [](const Json& answer) {
    const Json& listed = answer["result"]["tools"];
    return std::count_if(listed.begin(), listed.end(),
                         [](const Json& tool) { return tool.contains("outputSchema"); });
  };
  const Json modern = peer.modern("tools/list", "");
  CHECK(schemas(modern) == 1);
  for (const char* version : {"2025-06-18", "2025-11-25"}) {
    peer.initialize(version);
    CHECK(peer.request("tools/list", "")["result"]["tools"] == modern["result"]["tools"]);
  }
  Json without = modern["result"]["tools"];
  for (Json& tool : without) tool.erase("outputSchema");
  for (const char* version : {"2024-11-05", "2025-03-26"}) {
    peer.initialize(version);
    CHECK(peer.request("tools/list", "")["result"]["tools"] == without);
  }
}

TEST_CASE("a failed tool is a result with isError, its _meta beside the server's") {
  Peer peer;
  const Json modern = peer.modern("tools/call", R"("name":"fail")")["result"];
  CHECK(modern["isError"] == true);
  CHECK(modern["_meta"].size() == 2);
  const Json legacy = peer.request("tools/call", R"("name":"fail")")["result"];
  CHECK(legacy["isError"] == true);
  CHECK(legacy["_meta"]["motion-mcp/error"]["kind"] == "internal");
}

TEST_CASE("a tool that throws is an internal error that tells nothing of the exception") {
  Peer peer;
  const Json answer = peer.modern("tools/call", R"("name":"throw")");
  CHECK(answer["error"]["code"] == -32603);
  CHECK(answer.dump().find("secret") == std::string::npos);
}

TEST_CASE("an unknown tool is a protocol error that names the known ones") {
  Peer peer;
  const Json answer = peer.request("tools/call", R"("name":"eho")");
  CHECK(answer["error"]["code"] == -32602);
  CHECK(answer["error"]["message"] == "Unknown tool: eho. The tools are echo, fail, throw.");
  CHECK(peer.request("tools/call", "")["error"]["code"] == -32602);
}

TEST_CASE("arguments that the schema refuses never reach the tool") {
  Peer peer;
  Step made = peer.step(
      R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"txt":"a"}}})");
  REQUIRE(std::holds_alternative<Reply>(made));
  const Json result = Json::parse(std::get<Reply>(made).text)["result"];
  CHECK(result["isError"] == true);
  CHECK(result["content"][0]["text"] ==
        "echo was not run and nothing was spent: text is missing; txt is not an argument (did you "
        "mean text?). Correct the arguments and call echo again.");
  CHECK(result["_meta"]["motion-mcp/error"] == Json{{"kind", "invalid_argument"}, {"spent", "no"}});
}

TEST_CASE("arguments that the tool's check refuses are answered at once and never reach the tool") {
  Peer peer;
  const auto call = [&](const std::string& text, const std::string& meta) {
    return peer.step(
        R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"text":")" +
        text + "\"}" + meta + "}}");
  };
  Step legacy = call("never", "");
  REQUIRE(std::holds_alternative<Reply>(legacy));
  CHECK(
      std::get<Reply>(legacy).text ==
      R"({"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"this is never said"}],"isError":true}})");
  Step modern = call("never", std::string(",") + kModernMeta);
  REQUIRE(std::holds_alternative<Reply>(modern));
  CHECK(Json::parse(std::get<Reply>(modern).text)["result"]["isError"] == true);
  CHECK(std::holds_alternative<Work>(call("hi", "")));
}

TEST_CASE("a check that throws is an internal error that says that nothing was spent") {
  Peer peer;
  const Json answer = peer.request("tools/call", R"("name":"echo","arguments":{"text":"throw"})");
  CHECK(answer["error"]["code"] == -32603);
  CHECK(answer["error"]["message"] ==
        "Internal error in echo: it was not run and nothing was spent.");
}

TEST_CASE("progress is told with the request's token, rising, and only when asked for") {
  const std::string echo = R"("name":"echo","arguments":{"text":"a"})";
  const auto check = [&](Peer& peer, const std::string& meta) {
    peer.request("tools/call", echo + R"(,"_meta":{"progressToken":"t")" + meta + "}");
    REQUIRE(peer.notifications.size() == 1);
    CHECK(
        peer.notifications[0] ==
        R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"t","progress":1,"total":2,"message":"half"}})");
    peer.request("tools/call", echo);
    CHECK(peer.notifications.size() == 1);
  };
  for (const char* version : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"}) {
    CAPTURE(version);
    Peer peer;
    peer.initialize(version);
    check(peer, "");
  }
  Peer modern;
  check(
      modern,
      R"(,"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{})");
}

TEST_CASE("audio is for the versions that have it") {
  const std::vector<Tool> tools = {
      {R"({"name":"hum","inputSchema":{"type":"object"}})", {[](const ToolCall&) {
         ToolResult result;
         result.content.push_back(text_content("la"));
         result.content.push_back(audio_content("la", "audio/wav"));
         return result;
       }}}};
  for (const char* version :
       {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"}) {
    CAPTURE(version);
    Peer peer(tools);
    const bool is_newest = parse_version(version) == kNewest;
    if (!is_newest) peer.initialize(version);
    const Json answer = is_newest ? peer.modern("tools/call", R"("name":"hum")")
                                  : peer.request("tools/call", R"("name":"hum")");
    const bool has_audio = std::string_view(version) != "2024-11-05";
    CHECK(answer["result"]["content"].size() == (has_audio ? 2 : 1));
  }
}

TEST_CASE("tools are listed as they are defined, on one line, before and after a call") {
  Peer peer;
  const Json before = peer.request("tools/list", "")["result"]["tools"];
  REQUIRE(before.size() == 3);
  CHECK(before[0] == Json::parse(test::kEchoDefinition));
  Step made = peer.step(R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}})");
  CHECK(std::get<Reply>(made).text.find('\n') == std::string::npos);
  peer.request("tools/call", R"("name":"fail")");
  CHECK(peer.request("tools/list", "")["result"]["tools"] == before);
  const Server empty(test::toy_info(), {});
  auto list = jsonrpc::parse(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})");
  Connection connection;
  made = empty.accept(std::get<jsonrpc::Message>(std::move(list)), connection, {});
  CHECK(Json::parse(std::get<Reply>(made).text)["result"]["tools"] == Json::array());
}

TEST_CASE("a cursor that was never handed out is refused in both eras") {
  Peer peer;
  CHECK(peer.request("tools/list", R"("cursor":"x")")["error"]["code"] == -32602);
  CHECK(peer.modern("tools/list", R"("cursor":"x")")["error"]["code"] == -32602);
}

TEST_CASE("a subscription to nothing is acknowledged and ends") {
  Peer peer;
  const Json answer =
      peer.modern("subscriptions/listen", R"("notifications":{"toolsListChanged":true})");
  REQUIRE(peer.notifications.size() == 1);
  const Json first = Json::parse(peer.notifications[0]);
  CHECK(first["method"] == "notifications/subscriptions/acknowledged");
  CHECK(first["params"]["notifications"] == Json::object());
  CHECK(first["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"] == 1);
  CHECK(answer["result"]["_meta"]["io.modelcontextprotocol/subscriptionId"] == 1);
  CHECK(peer.modern("subscriptions/listen", "")["error"]["code"] == -32602);
}

TEST_CASE("notifications and answers get no answer, a cancellation names its request") {
  Peer peer;
  CHECK(std::holds_alternative<Ignore>(
      peer.step(R"({"jsonrpc":"2.0","method":"notifications/initialized"})")));
  const Step answer = peer.step(R"({"jsonrpc":"2.0","id":"q","result":{"a":1}})");
  REQUIRE(std::holds_alternative<Answer>(answer));
  CHECK(std::get<Answer>(answer).result == Json{{"a", 1}});
  const Step refusal = peer.step(R"({"jsonrpc":"2.0","id":"q","error":{"code":1,"message":"no"}})");
  REQUIRE(std::holds_alternative<Answer>(refusal));
  CHECK_FALSE(std::get<Answer>(refusal).result);
  const Step made = peer.step(
      R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"r"}})");
  REQUIRE(std::holds_alternative<Cancel>(made));
  CHECK(std::get<Cancel>(made).id.text == R"("r")");
  CHECK(std::holds_alternative<Ignore>(
      peer.step(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{}})")));
}

TEST_CASE("batches are for connections that may have them, and only for their own requests") {
  Peer peer;
  const auto batch = [](std::string_view text) {
    return std::get<jsonrpc::Batch>(jsonrpc::parse(text));
  };
  const auto pings = batch(R"([{"jsonrpc":"2.0","id":1,"method":"ping"}])");
  CHECK_FALSE(peer.server.refuse_batch(pings, peer.connection));
  peer.initialize("2025-03-26");
  CHECK_FALSE(peer.server.refuse_batch(pings, peer.connection));
  CHECK(peer.server.refuse_batch(batch(R"([{"jsonrpc":"2.0","id":1,"method":"initialize"}])"),
                                 peer.connection));
  CHECK(peer.server.refuse_batch(
      batch(R"([{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{)" +
            std::string(kModernMeta) + "}}]"),
      peer.connection));
  peer.initialize("2025-06-18");
  CHECK(peer.server.refuse_batch(pings, peer.connection));
}

TEST_CASE("a batch has an end: a small one must not ask for an answer of any size") {
  Peer peer;
  peer.initialize("2025-03-26");
  const auto lists = [](int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
      text += (i == 0 ? "[" : ",") + (R"({"jsonrpc":"2.0","id":)" + std::to_string(i)) +
              R"(,"method":"tools/list"})";
    }
    return std::get<jsonrpc::Batch>(jsonrpc::parse(text + "]"));
  };
  CHECK_FALSE(peer.server.refuse_batch(lists(100), peer.connection));
  CHECK(peer.server.refuse_batch(lists(101), peer.connection));
}
