// Tries to have a page that a host would not draw: another type, a policy that lets in more or less
// than was configured; and to have it change anything for a client that never heard of Apps.
#include "mcp/app.h"

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
constexpr const char* kUi = "io.modelcontextprotocol/ui";
constexpr std::string_view kDefinition =
    R"({"uri": "ui://toy/page.html", "name": "page", "mimeType": "text/html;profile=mcp-app"})";
constexpr std::string_view kHtml = "<!doctype html><title>A \"toy\"</title>";

const Json kAppsDeclared = {
    {"extensions", {{kUi, {{"mimeTypes", {"text/html;profile=mcp-app"}}}}}}};

Features toy_features(std::vector<App> apps) {
  Features features{test::toy_tools(), test::toy_resources()};
  features.apps = std::move(apps);
  return features;
}

struct Peer {
  std::string version;
  Json capabilities;
  Server server;
  Connection connection;

  explicit Peer(std::string of, Json declared = Json::object(),
                std::vector<App> apps = {{kDefinition, kHtml, {"https://media.example.com"}}})
      : version(std::move(of)),
        capabilities(std::move(declared)),
        server(test::toy_info(), toy_features(std::move(apps))) {}
  [[nodiscard]] bool is_new() const { return version == "2026-07-28"; }

  Json request(std::string_view method, Json params) {
    if (is_new()) {
      params["_meta"] = {{"io.modelcontextprotocol/protocolVersion", version},
                         {"io.modelcontextprotocol/clientCapabilities", capabilities}};
    }
    const Json message = {{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}};
    auto parsed = jsonrpc::parse(message.dump());
    Step made = server.accept(std::get<jsonrpc::Message>(std::move(parsed)), connection, {});
    if (const auto* work = std::get_if<Work>(&made)) {
      return Json::parse(work->run({{}, [](std::string_view) {}}).text)["result"];
    }
    return Json::parse(std::get<Reply>(made).text)["result"];
  }
  Json open() {
    if (is_new()) return request("server/discover", Json::object())["capabilities"];
    return request("initialize",
                   {{"protocolVersion", version}, {"capabilities", capabilities}})["capabilities"];
  }
};

}  // namespace

TEST_CASE("a page is read in every version, with the type that hosts compare and its policy") {
  for (const char* version : kVersions) {
    CAPTURE(version);
    Peer peer(version);
    peer.open();
    const Json read = peer.request("resources/read", {{"uri", "ui://toy/page.html"}});
    REQUIRE(read["contents"].size() == 1);
    const Json& page = read["contents"][0];
    CHECK(page["uri"] == "ui://toy/page.html");
    CHECK(page["mimeType"] == "text/html;profile=mcp-app");
    CHECK(page["text"] == kHtml);
    CHECK(page["_meta"] == Json::parse(R"({"ui": {
        "prefersBorder": false, "csp": {"resourceDomains": ["https://media.example.com"]}}})"));
    if (peer.is_new()) CHECK(read["cacheScope"] == "public");

    const Json listed = peer.request("resources/list", Json::object())["resources"];
    CHECK(listed.size() == test::toy_resources().fixed.size() + 1);
    CHECK(listed.back() == Json::parse(kDefinition));
  }
}

TEST_CASE("a page that loads nothing is given no policy at all, which is the strictest") {
  Peer peer("2025-11-25", Json::object(), {{kDefinition, kHtml}});
  peer.open();
  const Json read = peer.request("resources/read", {{"uri", "ui://toy/page.html"}});
  CHECK(read["contents"][0]["_meta"] == Json{{"ui", {{"prefersBorder", false}}}});
}

TEST_CASE("the extension is declared, before 2026-07-28 only to who declares it") {
  const Json settings = {{"mimeTypes", {"text/html;profile=mcp-app"}}};
  for (const char* version : kVersions) {
    CAPTURE(version);
    CHECK(Peer(version, kAppsDeclared).open()["extensions"][kUi] == settings);
    Peer plain(version);
    const Json capabilities = plain.open();
    CHECK(capabilities.contains("extensions") == plain.is_new());
    CHECK_FALSE(Peer(version, kAppsDeclared, {}).open().contains("extensions"));
  }
}

TEST_CASE("lists and results are the same for who declares Apps and who does not") {
  for (const char* version : kVersions) {
    CAPTURE(version);
    Peer plain(version);
    Peer drawing(version, kAppsDeclared);
    plain.open();
    drawing.open();
    for (const char* method : {"tools/list", "resources/list"}) {
      CHECK(plain.request(method, Json::object()) == drawing.request(method, Json::object()));
    }
    const Json call = {{"name", "echo"}, {"arguments", {{"text", "x"}}}};
    CHECK(plain.request("tools/call", call) == drawing.request("tools/call", call));
  }
}
