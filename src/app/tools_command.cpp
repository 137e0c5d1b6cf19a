#include <algorithm>

#include "app/commands.h"
#include "app/mcp_client.h"
#include "app/tool_outcome.h"

namespace motion_mcp::app {
namespace {

// "spends or writes", as the hints say it (MCP "ToolAnnotations").
std::string hints_of(const Json& tool) {
  const Json annotations = tool.value("annotations", Json::object());
  return annotations.value("readOnlyHint", Json()) == true ? "reads only" : "spends or writes";
}

std::string arguments_of(const Json& tool) {
  const Json schema = tool.value("inputSchema", Json::object());
  const Json required = schema.value("required", Json::array());
  std::string names;
  const Json properties = schema.value("properties", Json::object());
  for (const auto& [name, property] : properties.items()) {
    const bool is_required = std::find(required.begin(), required.end(), name) != required.end();
    names += (names.empty() ? "" : ", ") + name + (is_required ? " (required)" : "");
  }
  return names;
}

std::string text_of(const Json& listed, const Json& discovered) {
  std::string text;
  for (const Json& tool : listed.value("tools", Json::array())) {
    text += string_at(tool, "name") + ": " + string_at(tool, "title") + " (" + hints_of(tool) +
            ")\n  arguments: " + arguments_of(tool) + "\n\n" + string_at(tool, "description") +
            "\n\n";
  }
  return text + "Instructions:\n\n" + string_at(discovered, "instructions") + "\n";
}

Result<std::string> describe(McpClient& client, bool as_json) {
  const Json discovered = TRY(client.request("server/discover", Json::object()));
  const Json listed = TRY(client.request("tools/list", Json::object()));
  if (!as_json) return text_of(listed, discovered);
  const Json document = {{"instructions", string_at(discovered, "instructions")},
                         {"tools", listed.value("tools", Json::array())}};
  return document.dump(2) + "\n";
}

}  // namespace

ExitCode run_tools(const Program& program, const Config& config, const Console& console) {
  McpClient client(program.server(), program.caller());
  const auto text = describe(client, config.json);
  if (!text) {
    print_error(console, text.error());
    return exit_code_of(text.error().kind);
  }
  console.out(*text);
  return ExitCode::ok;
}

}  // namespace motion_mcp::app
