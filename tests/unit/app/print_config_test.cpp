// Tries to change what users paste without anybody noticing, and to get a key printed.
//
// The expected texts are in snapshots/: review a difference like code, then write them anew with
// MOTION_MCP_UPDATE_SNAPSHOTS=1.

#include "app/print_config.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

#include "unit/app/fake_environment.h"
#include "unit/app/scratch_folder.h"

namespace motion_mcp::app {
namespace {

const std::vector<std::string> kHosts = {"claude-code", "claude-desktop", "cursor",  "vscode",
                                         "codex",       "gemini",         "mcp-json"};

void check_snapshot(const std::string& name, const std::string& text) {
  const std::string path =
      std::string(MOTION_MCP_SOURCE_DIR) + "/tests/unit/app/snapshots/" + name + ".txt";
  if (std::getenv("MOTION_MCP_UPDATE_SNAPSHOTS") != nullptr) std::ofstream(path) << text;
  CAPTURE(name);
  CHECK(text == read_whole(path));
}

HostConfig config_for(const std::string& host, const Launch& launch) {
  auto config = host_config(host, launch);
  REQUIRE(config);
  return *config;
}

Launch launch_with(const GivenFlags& flags, std::map<std::string, std::string> variables) {
  const Environment environment = fake_environment(std::move(variables));
  const auto config = read_config(flags, environment);
  REQUIRE(config);
  return launch_like("/opt/motion/motion-mcp", *config, flags, environment);
}

TEST_CASE("the configuration of each host is as reviewed") {
  const Launch launch = launch_with({}, {{"MOTION_API_KEY", "motion_secret_of_the_user"}});
  for (const std::string& host : kHosts) check_snapshot(host, config_for(host, launch).text);
}

TEST_CASE("with --sandbox no key is asked for") {
  const Launch launch = launch_with({{"sandbox", "true"}}, {});
  for (const std::string& host : kHosts) {
    const HostConfig config = config_for(host, launch);
    check_snapshot(host + "-sandbox", config.text);
    CHECK(config.where.find("KEY") == std::string::npos);
  }
}

TEST_CASE("the keys of further services are passed on when they are set, never printed") {
  const Launch launch = launch_with({}, {{"MOTION_API_KEY", "motion_secret_of_the_user"},
                                         {"MOSAIC_API_KEY", "mk_secret_of_the_user"},
                                         {"MOTIONESS_PROJECT_KEY", "pk_of_the_user"},
                                         {"MOTIONESS_SIGNING_SECRET_FILE", "/home/u/signing"}});
  for (const std::string& host : kHosts) {
    const HostConfig config = config_for(host, launch);
    check_snapshot(host + "-services", config.text);
    CHECK(config.text.find("of_the_user") == std::string::npos);
    CHECK(config.text.find("/home/u/signing") != std::string::npos);
  }
}

TEST_CASE("flags, a key file and the machine's settings are passed on") {
  const Launch launch = launch_with({{"toolsets", "motion"}, {"read-only", "true"}},
                                    {{"MOTION_API_KEY_FILE", "/home/u/it's the key"},
                                     {"MOTION_LOG_LEVEL", "info"},
                                     {"HTTPS_PROXY", "http://proxy.example:3128"},
                                     {"SSL_CERT_FILE", "/etc/company.pem"}});
  for (const std::string& host : kHosts) {
    const HostConfig config = config_for(host, launch);
    check_snapshot(host + "-settings", config.text);
    CHECK(config.where.find("reads MOTION_API_KEY") == std::string::npos);
  }
}

TEST_CASE("neither a key nor a proxy's password is ever printed") {
  const Launch launch = launch_with({}, {{"MOTION_API_KEY", "motion_secret_of_the_user"},
                                         {"HTTPS_PROXY", "http://user:pass-word@proxy:1"}});
  for (const std::string& host : kHosts) {
    const HostConfig config = config_for(host, launch);
    CHECK(config.text.find("secret_of_the_user") == std::string::npos);
    CHECK(config.text.find("pass-word") == std::string::npos);
  }
}

TEST_CASE("relative paths become absolute, for hosts start us anywhere") {
  const Launch launch =
      launch_with({{"ca-file", "certs/ca.pem"}}, {{"MOTION_API_KEY_FILE", "./key"}});
  const std::string here = std::filesystem::current_path().string();
  REQUIRE(launch.keys.size() == 1);
  CHECK(launch.keys[0].file == here + "/key");
  CHECK(launch.args == std::vector<std::string>{"--ca-file=" + here + "/certs/ca.pem"});
}

TEST_CASE("an unknown host is refused with the known ones") {
  const auto config = host_config("notepad", {});
  REQUIRE_FALSE(config);
  CHECK(config.error().kind == ErrorKind::invalid_argument);
  for (const std::string& host : kHosts) {
    CHECK(config.error().next_step.find(host) != std::string::npos);
  }
}

}  // namespace
}  // namespace motion_mcp::app
