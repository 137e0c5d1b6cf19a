// Tries to have a tool served that was hidden, a key given to the sandbox, and anything done before
// it is asked for.

#include "app/wiring.h"

#include <doctest/doctest.h>

#include "app/mcp_client.h"

namespace motion_mcp::app {
namespace {

std::string served_tools(const Config& config) {
  const auto program = Program::make(config);
  REQUIRE(program);
  McpClient client((*program)->server(), (*program)->caller());
  const auto listed = client.request("tools/list", Json::object());
  REQUIRE(listed);
  std::string names;
  for (const Json& tool : (*listed)["tools"]) names += tool["name"].get<std::string>() + " ";
  return names;
}

TEST_CASE("the motion toolset is served by default, without a key") {
  CHECK(served_tools({}) == "create_video followup_video get_video_status ");
}

TEST_CASE("--read-only hides what spends or writes") {
  Config config;
  config.read_only = true;
  CHECK(served_tools(config) == "get_video_status ");
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
