// Tries to read what is not there, to block the reading thread, to get another era's error code or
// envelope, and more completions than the protocol allows.
#include <doctest/doctest.h>

#include <array>

#include "mcp/server.h"
#include "unit/mcp/toy_resources.h"
#include "unit/mcp/toy_tools.h"

using namespace motion_mcp;
using namespace motion_mcp::mcp;

namespace {

constexpr std::array kVersions = {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25",
                                  "2026-07-28"};
constexpr const char* kNewestVersion = "2026-07-28";

struct Peer {
  std::string version;
  Server server{test::toy_info(), {test::toy_tools(), test::toy_resources()}};
  Connection connection;
  Caller caller{"motion_toy"};

  explicit Peer(std::string of) : version(std::move(of)) {
    if (is_new()) return;
    request("initialize", {{"protocolVersion", version}, {"capabilities", Json::object()}});
  }
  [[nodiscard]] bool is_new() const { return version == kNewestVersion; }

  Step step(std::string_view method, Json params) {
    if (is_new()) {
      params["_meta"] = {{"io.modelcontextprotocol/protocolVersion", version},
                         {"io.modelcontextprotocol/clientCapabilities", Json::object()}};
    }
    const Json message = {{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}};
    auto parsed = jsonrpc::parse(message.dump());
    return server.accept(std::get<jsonrpc::Message>(std::move(parsed)), connection, caller);
  }
  Json request(std::string_view method, const Json& params) {
    Step made = step(method, params);
    if (const auto* work = std::get_if<Work>(&made)) {
      return Json::parse(work->run({{}, [](std::string_view) {}}).text);
    }
    return Json::parse(std::get<Reply>(made).text);
  }
  Json read(const char* uri) { return request("resources/read", {{"uri", uri}}); }
  Json complete(const char* value, const char* name = "id",
                const char* uri = "test://template/{id}/data") {
    return request("completion/complete", {{"ref", {{"type", "ref/resource"}, {"uri", uri}}},
                                           {"argument", {{"name", name}, {"value", value}}}});
  }
};

}  // namespace

TEST_CASE("a server with resources declares them, and completion where the version knows it") {
  for (const char* version : kVersions) {
    CAPTURE(version);
    Peer peer(version);
    const Json result = peer.is_new() ? peer.request("server/discover", Json::object())
                                      : peer.request("initialize", {{"protocolVersion", version}});
    const Json capabilities = result["result"]["capabilities"];
    CHECK(capabilities["resources"] == Json::object());
    CHECK(capabilities.contains("completions") == (std::string_view(version) != "2024-11-05"));
  }
}

TEST_CASE("a server without resources has none of their methods") {
  const Server server(test::toy_info(), {test::toy_tools()});
  for (const char* method :
       {"resources/list", "resources/templates/list", "resources/read", "completion/complete"}) {
    Connection connection;
    auto parsed = jsonrpc::parse(R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) +
                                 R"(","params":{"uri":"test://text"}})");
    Step made = server.accept(std::get<jsonrpc::Message>(std::move(parsed)), connection, {});
    CHECK(Json::parse(std::get<Reply>(made).text)["error"]["code"] == -32601);
  }
}

TEST_CASE("lists are as defined, at once, and the same for everybody") {
  for (const char* version : kVersions) {
    CAPTURE(version);
    Peer peer(version);
    Step made = peer.step("resources/list", Json::object());
    REQUIRE(std::holds_alternative<Reply>(made));
    const Json fixed = Json::parse(std::get<Reply>(made).text)["result"];
    const Json templates = peer.request("resources/templates/list", Json::object())["result"];
    CHECK(fixed["resources"].size() == 3);
    CHECK(fixed["resources"][0] ==
          Json{{"uri", "test://text"}, {"name", "text"}, {"mimeType", "text/plain"}});
    CHECK(templates["resourceTemplates"][0]["uriTemplate"] == "test://template/{id}/data");
    for (const Json& list : {fixed, templates}) {
      CHECK(list.contains("resultType") == peer.is_new());
      CHECK(list.contains("ttlMs") == peer.is_new());
      if (peer.is_new()) CHECK(list["cacheScope"] == "public");
      CHECK(list.size() == (peer.is_new() ? 5 : 1));
    }
    CHECK(peer.request("resources/list", {{"cursor", "x"}})["error"]["code"] == -32602);
    CHECK(peer.request("resources/templates/list", {{"cursor", "x"}})["error"]["code"] == -32602);
  }
}

TEST_CASE("text, bytes and a template are read in every version") {
  for (const char* version : kVersions) {
    CAPTURE(version);
    Peer peer(version);
    const Json text = peer.read("test://text")["result"];
    CHECK(text["contents"] == Json::array({Json{{"uri", "test://text"},
                                                {"mimeType", "text/plain"},
                                                {"text", "a \"word\""},
                                                {"_meta", Json{{"k", 1}}}}}));
    const Json binary = peer.read("test://binary")["result"];
    CHECK(binary["contents"] ==
          Json::array(
              {Json{{"uri", "test://binary"}, {"mimeType", "image/png"}, {"blob", "iVBORwD/"}}}));
    const Json made = peer.read("test://template/1%2F2/data")["result"];
    CHECK(made["contents"][0]["uri"] == "test://template/1%2F2/data");
    CHECK(made["contents"][0]["text"] == "id=1/2 for motion_toy");
    CHECK(peer.read("test://plain/1-2")["result"]["contents"][0]["text"] == "2");

    CHECK(text.size() == (peer.is_new() ? 5 : 1));
    if (!peer.is_new()) continue;
    CHECK(text["resultType"] == "complete");
    CHECK(text["ttlMs"] == 60'000);
    CHECK(text["cacheScope"] == "public");
    CHECK(made["ttlMs"] == 0);
    CHECK(made["cacheScope"] == "private");
  }
}

TEST_CASE("an unknown resource has the version's code and the URI, whoever finds it missing") {
  for (const char* version : kVersions) {
    Peer peer(version);
    const int code = peer.is_new() ? -32602 : -32002;
    for (const char* uri : {"test://nobody", "test://template/nobody/data", ""}) {
      CAPTURE(uri);
      const Json error = peer.read(uri)["error"];
      CHECK(error["code"] == code);
      CHECK(error["data"]["uri"] == uri);
    }
  }
}

TEST_CASE("a read that fails is an error with the way out, and one that throws tells nothing") {
  for (const char* version : {"2025-11-25", kNewestVersion}) {
    Peer peer(version);
    const Json down = peer.read("test://template/down/data")["error"];
    CHECK(down["code"] == -32603);
    CHECK(down["message"] == "it is down. Call again.");
    CHECK(down["data"]["kind"] == "unreachable");
    CHECK(peer.read("test://template/bad/data")["error"]["code"] == -32602);
    const Json thrown = peer.read("test://throw");
    CHECK(thrown["error"]["code"] == -32603);
    CHECK(thrown.dump().find("secret") == std::string::npos);
    CHECK(peer.request("resources/read", Json::object())["error"]["code"] == -32602);
    CHECK(peer.request("resources/read", {{"uri", 7}})["error"]["code"] == -32602);
  }
}

TEST_CASE("reading and completing is work that only reads; what is refused costs none") {
  for (const char* version : {"2025-11-25", kNewestVersion}) {
    Peer peer(version);
    const Step read = peer.step("resources/read", {{"uri", "test://text"}});
    REQUIRE(std::holds_alternative<Work>(read));
    CHECK(std::get<Work>(read).is_read_only);
    const Step completing =
        peer.step("completion/complete",
                  {{"ref", {{"type", "ref/resource"}, {"uri", "test://template/{id}/data"}}},
                   {"argument", {{"name", "id"}, {"value", ""}}}});
    REQUIRE(std::holds_alternative<Work>(completing));
    CHECK(std::get<Work>(completing).is_read_only);
    CHECK(std::holds_alternative<Reply>(peer.step("resources/read", {{"uri", "test://no"}})));
  }
}

TEST_CASE("completion is cut to a hundred values and says how many there are") {
  for (const char* version : kVersions) {
    Peer peer(version);
    const Json result = peer.complete("v")["result"];
    CHECK(result["completion"]["values"].size() == 100);
    CHECK(result["completion"]["values"][0] == "v0");
    CHECK(result["completion"]["total"] == 500);
    CHECK(result["completion"]["hasMore"] == true);
    CHECK(result.contains("resultType") == peer.is_new());
    CHECK_FALSE(result.contains("ttlMs"));
    CHECK(peer.complete("one")["result"]["completion"] ==
          Json{{"values", Json::array({"one"})}, {"total", 1}, {"hasMore", false}});
    CHECK(peer.complete("x", "a", "test://plain/{a}-{b}")["result"]["completion"]["values"] ==
          Json::array());
  }
}

TEST_CASE("completion of what is not there is refused") {
  for (const char* version : {"2025-11-25", kNewestVersion}) {
    Peer peer(version);
    CHECK(peer.complete("x", "other")["error"]["code"] == -32602);
    CHECK(peer.complete("x", "id", "test://nothing/{id}")["error"]["code"] == -32602);
    CHECK(peer.complete("x", "id", "test://text")["error"]["code"] == -32602);
    CHECK(peer.complete("down")["error"]["code"] == -32603);
    const Json thrown = peer.complete("throw");
    CHECK(thrown["error"]["code"] == -32603);
    CHECK(thrown.dump().find("secret") == std::string::npos);
    const Json argument = {{"name", "id"}, {"value", ""}};
    const Json ref = {{"type", "ref/resource"}, {"uri", "test://template/{id}/data"}};
    for (const Json& params :
         {Json::object(), Json{{"ref", ref}}, Json{{"argument", argument}},
          Json{{"ref", "x"}, {"argument", argument}},
          Json{{"ref", ref}, {"argument", {{"name", 1}}}},
          Json{{"ref", {{"type", "ref/prompt"}, {"name", "x"}}}, {"argument", argument}},
          Json{{"ref", {{"type", "ref/resource"}}}, {"argument", argument}}}) {
      CAPTURE(params.dump());
      CHECK(peer.request("completion/complete", params)["error"]["code"] == -32602);
    }
  }
}

TEST_CASE("nothing can be subscribed to") {
  for (const char* version : {"2025-11-25", kNewestVersion}) {
    Peer peer(version);
    CHECK(peer.request("resources/subscribe", {{"uri", "test://text"}})["error"]["code"] == -32601);
  }
}
