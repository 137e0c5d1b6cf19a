#include "app/help.h"

#include <algorithm>
#include <string_view>

#include "app/exit_code.h"
#include "app/print_config.h"
#include "app/tool_definition.h"
#include "app/tool_outcome.h"
#include "app/wiring.h"
#include "sandbox/cases.h"
#include "sandbox/mosaic_run.h"
#include "sandbox/motioness_life.h"

namespace motion_mcp::app {
namespace {

constexpr std::size_t kColumn = 26;  // where explanations begin
constexpr std::size_t kWidth = 96;

// "  name      explanation", the explanation wrapped at kWidth.
std::string entry(std::string_view name, std::string_view explanation) {
  std::string text = "  " + std::string(name);
  if (text.size() + 2 > kColumn) text += "\n" + std::string(kColumn, ' ');
  if (text.size() < kColumn) text.resize(kColumn, ' ');
  std::size_t at = kColumn;
  while (!explanation.empty()) {
    const std::size_t end = std::min(explanation.find(' '), explanation.size());
    if (at > kColumn && at + 1 + end > kWidth) {
      text += "\n" + std::string(kColumn, ' ');
      at = kColumn;
    }
    if (at > kColumn) text += ' ';
    text += explanation.substr(0, end);
    at += end + 1;
    explanation.remove_prefix(std::min(end + 1, explanation.size()));
  }
  return text + "\n";
}

std::string flags_of(CommandName command) {
  std::string text =
      "Flags, each with the variable that does the same; a flag beats its variable:\n";
  for (const Flag& flag : kFlags) {
    if (!flag.belongs_to(command)) continue;
    std::string name = "--" + std::string(flag.name);
    if (!flag.is_switch()) name.append(" ").append(flag.value_name);
    text += entry(name, std::string(flag.help) + " [" + environment_twin(flag.name) + "]");
  }
  return text + entry("-h, --help", "print this");
}

std::string variables() {
  return "Variables without a flag:\n" +
         entry("MOTION_API_KEY", "the Motion API key, made in the Motion app: Settings, AI Agent") +
         entry("MOTION_API_KEY_FILE", "a file with the key in it, when MOTION_API_KEY is not set") +
         entry("MOSAIC_API_KEY", "the key for the toolset mosaic (or MOSAIC_API_KEY_FILE)") +
         entry("MOTIONESS_PROJECT_KEY",
               "the project key for the toolset motioness (or MOTIONESS_PROJECT_KEY_FILE)") +
         entry("MOTIONESS_SIGNING_SECRET",
               "of a project whose URLs are signed (or MOTIONESS_SIGNING_SECRET_FILE)") +
         entry("MOSAIC_API_BASE_URL", "where Mosaic is (default https://api.mosaic.so)") +
         entry("MOTIONESS_BASE_URL", "where Motioness is (default https://motioness.com)") +
         entry("HTTPS_PROXY, NO_PROXY", "the proxy to the service, and the hosts reached without") +
         entry("SSL_CERT_FILE, SSL_CERT_DIR",
               "certificate authorities to trust, when --ca-file is not given") +
         entry("XDG_DATA_HOME, HOME", "where the data folder is") +
         "A value that is empty, or still reads ${...}, counts as unset.\n";
}

std::string stdio_help() {
  std::string text = "motion-mcp " + std::string(kVersion) +
                     ": the Motion video service as MCP tools\n\n"
                     "Usage: motion-mcp [FLAGS]           serve MCP on standard input and output\n"
                     "       motion-mcp COMMAND [FLAGS]   see motion-mcp COMMAND --help\n\n"
                     "Commands:\n";
  for (const Command& command : kCommands) {
    if (command.word.empty()) continue;
    std::string name(command.word);
    if (!command.subject.empty()) name.append(" ").append(command.subject);
    text += entry(name, command.summary);
  }
  return text + "\n" + flags_of(CommandName::stdio) + entry("--version", "print the version") +
         "\n" + variables() +
         "\nIt exits with 0 when its input ends or it is asked to stop, 2 for a wrong flag or "
         "variable.\n";
}

std::string http_help() {
  return "Usage: motion-mcp http [FLAGS]\n\n"
         "Serves MCP on Streamable HTTP until it is interrupted, and prints the endpoint's URL on "
         "standard\noutput. A caller sends its own Motion key: Authorization: Bearer "
         "motion_...\n\n" +
         flags_of(CommandName::http) + "\n" + variables() +
         entry("MOTION_ENDPOINT_TOKEN", "the bearer token of callers that use the shared key") +
         "\nIt exits with 0 when interrupted, 1 when calls did not end in time, 2 for a wrong "
         "flag, "
         "6 for an\naddress it cannot listen on.\n";
}

std::string tool_titles() {
  std::string text = "Tools:\n";
  for (const tools::Entry& tool : tools::all_tools()) {
    const auto definition = tool_definition(tool.name);
    text += entry(tool.name, string_at(*definition, "title"));
  }
  return text;
}

std::string call_help() {
  return "Usage: motion-mcp call TOOL [--ARGUMENT VALUE]... [FLAGS]\n\n"
         "Calls one tool. The arguments are those of the tool: motion-mcp call TOOL --help.\n\n"
         "  motion-mcp call create_video --prompt \"A launch video\" --aspect_ratio 9:16 \\\n"
         "      --output launch.mp4\n\n" +
         tool_titles() + "\n" + "A value is\n" +
         entry("TEXT", "itself; begin with @@ for a text that begins with @") +
         entry("@FILE", "what the file holds") + entry("-", "what standard input holds") +
         "Objects and arrays are written as JSON.\n\n" + flags_of(CommandName::call) +
         "\nThe result goes to standard output, everything else to standard error. Ctrl-C while it "
         "waits\nleaves the job running and says how to wait for it again.\n\n" +
         std::string(kExitCodeHelp);
}

std::string type_name(const Json& schema) {
  if (schema.contains("enum")) {
    std::string choices;
    for (const Json& choice : schema["enum"]) {
      choices += (choices.empty() ? "" : "|") + choice.get<std::string>();
    }
    return choices;
  }
  const std::string type = string_at(schema, "type");
  if (type == "string") return "TEXT";
  if (type == "integer" || type == "number") return "N";
  if (type == "boolean") return "";
  return type.empty() ? "TEXT|JSON" : "JSON";
}

std::string tool_help(const Json& tool) {
  const Json schema = tool.value("inputSchema", Json::object());
  const Json required = schema.value("required", Json::array());
  const std::string name = string_at(tool, "name");
  std::string text = "Usage: motion-mcp call " + name + " [--ARGUMENT VALUE]... [FLAGS]\n\n" +
                     string_at(tool, "description") + "\n\nArguments:\n";
  const Json properties = schema.value("properties", Json::object());
  for (const auto& [argument, property] : properties.items()) {
    const bool is_required =
        std::find(required.begin(), required.end(), argument) != required.end();
    text += entry("--" + argument + " " + type_name(property),
                  string_at(property, "description") + (is_required ? " (required)" : ""));
  }
  return text + "\n" + flags_of(CommandName::call) +
         "\nHow values are written, and the exit codes: motion-mcp call --help.\n";
}

std::string sandbox_help() {
  return "Usage: motion-mcp sandbox [FLAGS]\n\n"
         "Serves the Motion API offline until it is interrupted, and prints its base URL as the "
         "only line\non standard output: give it to another motion-mcp as MOTION_API_BASE_URL, "
         "with "
         "any key that\nbegins with motion_. Videos are short samples.\n\n"
         "The beginning of a prompt chooses what happens:\n" +
         sandbox::describe_cases() +
         "\nMosaic is at /mosaic of the same origin (MOSAIC_API_BASE_URL, keys that begin with "
         "mk_). "
         "There:\n" +
         sandbox::describe_mosaic_cases() +
         "\nThe Motioness proxy is at /motioness (MOTIONESS_BASE_URL, keys that begin with pk_). "
         "There:\n" +
         sandbox::describe_asset_cases() + "\n" + flags_of(CommandName::sandbox) +
         "\nIt exits with 0 when interrupted, 2 for a wrong flag or an address it cannot listen "
         "on.\n";
}

std::string tools_help() {
  return "Usage: motion-mcp tools [FLAGS]\n\n"
         "Shows the tools and the instructions as a host gets them. Needs no key and no "
         "network.\n\n" +
         flags_of(CommandName::tools) + "\nIt exits with 0, or 2 for a wrong flag.\n";
}

std::string doctor_help() {
  return "Usage: motion-mcp doctor [FLAGS]\n"
         "       motion-mcp doctor --oauth URL [FLAGS]\n\n"
         "Checks what a call needs, in order, and says what to do about each fault: the key, the "
         "data\nfolder, name resolution, proxy, TLS, the API's answer, the clock. It asks the API "
         "for a job\nthat does not exist, which spends nothing: 401 means a bad key, 404 a good "
         "one.\n\nWith --oauth it walks the way of a client without a credential to the MCP "
         "endpoint at "
         "URL: where it\nis told to sign in, who issues tokens, how clients are known, the page "
         "that asks the person, the\nendpoint that gives tokens.\n\n" +
         flags_of(CommandName::doctor) + "\n" + variables() +
         "\nIt exits with 0, 1 when a check failed, 2 for a wrong flag.\n";
}

std::string print_config_help() {
  return "Usage: motion-mcp print-config HOST [FLAGS]\n\n"
         "Prints what makes HOST launch this program, with its absolute path, these flags and the "
         "settings\nnow in the environment; where to put it is said on standard error. The key is "
         "never printed.\nHOST is one of " +
         host_names() + ".\n\n" + flags_of(CommandName::print_config) +
         "\nIt exits with 0, or 2 for a wrong flag or host.\n";
}

}  // namespace

std::string help_text(const CommandLine& line) {
  switch (line.command) {
    case CommandName::stdio:
      return stdio_help();
    case CommandName::http:
      return http_help();
    case CommandName::call: {
      const auto tool = tool_definition(line.subject);
      return tool ? tool_help(*tool) : call_help();
    }
    case CommandName::sandbox:
      return sandbox_help();
    case CommandName::tools:
      return tools_help();
    case CommandName::doctor:
      return doctor_help();
    case CommandName::print_config:
      return print_config_help();
  }
  return stdio_help();
}

}  // namespace motion_mcp::app
