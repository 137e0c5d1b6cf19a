// Tries to have a tool served that was hidden, a key given to the sandbox, and anything done before
// it is asked for.

#include "app/wiring.h"

#include <doctest/doctest.h>

#include "app/mcp_client.h"

namespace motion_mcp::app {
namespace {

std::string served_tools(const Config& config, Audience audience = Audience::local) {
  const auto program = Program::make(config, audience);
  REQUIRE(program);
  McpClient client((*program)->server(), (*program)->caller());
  const auto listed = client.request("tools/list", Json::object());
  REQUIRE(listed);
  std::string names;
  for (const Json& tool : (*listed)["tools"]) names += tool["name"].get<std::string>() + " ";
  return names;
}

// The URIs that are served; empty when there are no resources at all.
std::string served_resources(const Config& config) {
  const auto program = Program::make(config);
  REQUIRE(program);
  McpClient client((*program)->server(), (*program)->caller());
  const auto listed = client.request("resources/list", Json::object());
  return listed ? (*listed)["resources"].dump() : "";
}

std::string answer_of_list(const Config& config) {
  const auto program = Program::make(config);
  REQUIRE(program);
  McpClient client((*program)->server(), (*program)->caller());
  const auto called =
      client.request("tools/call", {{"name", "list_videos"}, {"arguments", Json::object()}});
  REQUIRE(called);
  return (*called)["content"][0]["text"];
}

TEST_CASE("the toolsets motion and library are served by default, without a key") {
  CHECK(served_tools({}) ==
        "create_video download_video followup_video get_video_status list_videos "
        "refresh_video_card ");
  CHECK(served_resources({}).find("motion://jobs") != std::string::npos);
}

TEST_CASE("with a Mosaic key its tools are served besides; without, everything is as it was") {
  Config config;
  const std::string plain = served_tools(config);
  config.mosaic_key.value = "mk_a_key";
  CHECK(served_tools(config) ==
        "cancel_clip create_video download_video followup_video generate_clip get_clip_status "
        "get_video_status list_videos refresh_video_card resume_clip ");
  config.read_only = true;
  CHECK(served_tools(config) == "get_clip_status get_video_status list_videos refresh_video_card ");
  config.read_only = false;
  config.toolsets = {"motion", "library"};
  CHECK(served_tools(config) == plain);
  // Over HTTP the server's own key counts for nobody.
  config = Config();
  config.mosaic_key.value = "mk_a_key";
  CHECK(served_tools(config, Audience::remote) ==
        "create_video followup_video get_video_status list_videos refresh_video_card ");
}

TEST_CASE("the sandbox serves a further toolset that is named, or has a key") {
  Config config;
  config.sandbox = true;
  CHECK(served_tools(config).find("generate_clip") == std::string::npos);
  config.toolsets = {"mosaic"};
  config.toolsets_were_given = true;
  CHECK(served_tools(config) == "cancel_clip generate_clip get_clip_status resume_clip ");
  Config keyed;
  keyed.sandbox = true;
  keyed.mosaic_key.value = "mk_real_key";
  const auto program = Program::make(keyed);
  REQUIRE(program);
  CHECK((*program)->caller().key("mosaic") == "mk_sandbox");
  CHECK((*program)->mosaic_base_url().find("http://127.0.0.1:") == 0);
}

TEST_CASE("without the library toolset there is neither a list nor a resource of jobs") {
  Config config;
  config.toolsets = {"motion"};
  CHECK(served_tools(config) == "create_video followup_video get_video_status refresh_video_card ");
  CHECK(served_resources(config).find("motion://jobs") == std::string::npos);
}

TEST_CASE("a history that is off is said by list_videos; the sandbox has one in memory") {
  Config config;
  config.api_key.value = "motion_a_key";
  CHECK(answer_of_list(config).find("keeps no history") != std::string::npos);
  config.sandbox = true;
  CHECK(answer_of_list(config).find("There is no video of this key") == 0);
}

TEST_CASE("what writes files here is not served to callers from elsewhere, nor told of") {
  CHECK(served_tools({}, Audience::remote) ==
        "create_video followup_video get_video_status list_videos refresh_video_card ");
  Config config;
  config.toolsets = {"library"};
  CHECK(served_tools(config, Audience::remote) == "list_videos ");
  const auto remote = enabled_tools({}, Audience::remote);
  REQUIRE(remote);
  for (const auto& entry : *remote) CHECK_FALSE(entry.is_local);
}

TEST_CASE("--read-only hides what spends or writes") {
  Config config;
  config.read_only = true;
  CHECK(served_tools(config) == "get_video_status list_videos refresh_video_card ");
}

TEST_CASE("the video card may play what the service, or the sandbox in its place, hands out") {
  const auto policy_of = [](const Config& config) {
    const auto program = Program::make(config);
    REQUIRE(program);
    McpClient client((*program)->server(), (*program)->caller());
    const auto read = client.request("resources/read", {{"uri", "ui://motion/video-card.v1.html"}});
    REQUIRE(read);
    const Json csp = (*read)["contents"][0]["_meta"]["ui"]["csp"];
    CHECK(csp.size() == 1);
    return std::pair((*program)->api_base_url(), csp["resourceDomains"]);
  };
  Config config;
  config.media_origins = {"https://storage.googleapis.com"};
  CHECK(policy_of(config).second == Json::array({"https://storage.googleapis.com"}));
  config.sandbox = true;
  const auto [api, origins] = policy_of(config);
  REQUIRE(origins.size() == 1);
  CHECK(api == origins[0].get<std::string>() + "/api/motion");
}

TEST_CASE("without the motion toolset there is no card") {
  Config config;
  config.toolsets = {"library"};
  CHECK(served_resources(config).find("ui://") == std::string::npos);
  CHECK(served_resources({}).find("ui://motion/video-card.v1.html") != std::string::npos);
}

TEST_CASE("an unknown toolset is refused with the known ones") {
  Config config;
  config.toolsets = {"motion", "motoin"};
  const auto program = Program::make(config);
  REQUIRE_FALSE(program);
  CHECK(program.error().kind == ErrorKind::invalid_argument);
  CHECK(program.error().message.find("\"motoin\"") != std::string::npos);
  CHECK(program.error().message.find("motion") != std::string::npos);
}

TEST_CASE("the sandbox has an address of its own and never sees the user's key") {
  Config config;
  config.sandbox = true;
  config.api_key.value = "motion_real_key";
  const auto program = Program::make(config);
  REQUIRE(program);
  CHECK((*program)->api_base_url().find("http://127.0.0.1:") == 0);
  CHECK((*program)->caller().credential != "motion_real_key");
  CHECK((*program)->caller().credential.find("motion_") == 0);
}

TEST_CASE("an unknown tool or method is an error of the caller") {
  const auto program = Program::make({});
  REQUIRE(program);
  McpClient client((*program)->server(), (*program)->caller());
  const auto called =
      client.request("tools/call", {{"name", "nope"}, {"arguments", Json::object()}});
  REQUIRE_FALSE(called);
  CHECK(called.error().kind == ErrorKind::invalid_argument);
  CHECK_FALSE(client.request("no/method", Json::object()));
}

TEST_CASE("a request with a stop already asked for is cancelled") {
  const auto program = Program::make({});
  REQUIRE(program);
  McpClient client((*program)->server(), (*program)->caller());
  std::stop_source stop;
  stop.request_stop();
  const auto listed = client.request("tools/list", Json::object(), stop.get_token());
  REQUIRE_FALSE(listed);
  CHECK(listed.error().kind == ErrorKind::cancelled);
}

}  // namespace
}  // namespace motion_mcp::app
