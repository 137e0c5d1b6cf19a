// Tries to find a flag without a twin, a twin that two flags share, or a flag that no help shows.

#include "app/flags.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "app/exit_code.h"
#include "app/help.h"
#include "app/tool_definition.h"
#include "tools/tool_table.h"
#include "unit/app/scratch_folder.h"

namespace motion_mcp::app {
namespace {

TEST_CASE("a twin is MOTION_ and the flag in capitals") {
  CHECK(environment_twin("api-base-url") == "MOTION_API_BASE_URL");
  CHECK(environment_twin("json") == "MOTION_JSON");
}

TEST_CASE("every flag is defined once, with a twin of its own") {
  std::set<std::string> twins;
  for (const Flag& flag : kFlags) {
    CAPTURE(flag.name);
    CHECK(twins.insert(environment_twin(flag.name)).second);
    CHECK(find_flag(flag.name) == &flag);
    CHECK(flag.commands != 0);
    CHECK_FALSE(flag.help.empty());
  }
  CHECK(find_flag("api-key") == nullptr);
  CHECK(find_flag("") == nullptr);
}

TEST_CASE("the help of each command shows its flags with their twins, and no others") {
  for (const Command& command : kCommands) {
    CommandLine line;
    line.command = command.name;
    const std::string help = help_text(line);
    for (const Flag& flag : kFlags) {
      CAPTURE(command.word);
      CAPTURE(flag.name);
      const std::string entry = "\n  --" + std::string(flag.name);
      const bool shown = help.find(entry + " ") != std::string::npos ||
                         help.find(entry + "\n") != std::string::npos;
      CHECK(shown == flag.belongs_to(command.name));
      if (shown) CHECK(help.find("[" + environment_twin(flag.name) + "]") != std::string::npos);
    }
  }
}

TEST_CASE("the README names every setting of the server, and every exit code") {
  const std::string readme = read_whole(std::string(MOTION_MCP_SOURCE_DIR) + "/README.md");
  for (const Flag& flag : kFlags) {
    if (!flag.belongs_to(CommandName::stdio)) continue;
    CAPTURE(flag.name);
    CHECK(readme.find("`--" + std::string(flag.name)) != std::string::npos);
    CHECK(readme.find("`" + environment_twin(flag.name) + "`") != std::string::npos);
  }
  for (const ExitCode code :
       {ExitCode::ok, ExitCode::failed, ExitCode::usage, ExitCode::credential, ExitCode::payment,
        ExitCode::state, ExitCode::try_again, ExitCode::outcome_unknown, ExitCode::interrupted}) {
    CHECK(readme.find("\n| " + std::to_string(static_cast<int>(code)) + " |") != std::string::npos);
  }
}

TEST_CASE("the connector's page names every setting that the README does not") {
  const std::string page = read_whole(std::string(MOTION_MCP_SOURCE_DIR) + "/docs/http.md");
  for (const Flag& flag : kFlags) {
    if (!flag.belongs_to(CommandName::http) || flag.belongs_to(CommandName::stdio)) continue;
    CAPTURE(flag.name);
    CHECK(page.find("| `--" + std::string(flag.name)) != std::string::npos);
    CHECK(page.find("`" + environment_twin(flag.name) + "`") != std::string::npos);
  }
}

TEST_CASE("no tool has an argument that a flag of call would shadow") {
  for (const tools::Entry& tool : tools::all_tools()) {
    const auto definition = tool_definition(tool.name);
    REQUIRE(definition);
    const Json properties = (*definition)["inputSchema"]["properties"];
    for (const auto& property : properties.items()) {
      const std::string& name = property.key();
      CAPTURE(name);
      CHECK(find_flag(name) == nullptr);
      CHECK(name != "help");
    }
  }
}

TEST_CASE("the help of a tool shows every argument") {
  for (const tools::Entry& tool : tools::all_tools()) {
    CommandLine line;
    line.command = CommandName::call;
    line.subject = tool.name;
    const std::string help = help_text(line);
    const Json properties = (*tool_definition(tool.name))["inputSchema"]["properties"];
    for (const auto& property : properties.items()) {
      const std::string& name = property.key();
      CAPTURE(name);
      CHECK(help.find("\n  --" + name + " ") != std::string::npos);
    }
  }
}

}  // namespace
}  // namespace motion_mcp::app
