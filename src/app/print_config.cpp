#include "app/print_config.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "app/shell_quote.h"
#include "base/json_value.h"

namespace motion_mcp::app {
namespace {

constexpr const char* kServerName = "motion";
constexpr const char* kKey = "MOTION_API_KEY";
constexpr const char* kKeyFile = "MOTION_API_KEY_FILE";

// What a host makes of a launch.
struct Recipe {
  std::string text;
  std::string_view where;
  std::string_view about_key;  // said when the host is to pass MOTION_API_KEY
};

bool passes_key(const Launch& launch) {
  return launch.needs_key && launch.key_file.empty();
}

std::string pretty(const Json& json) {
  return json.dump(2) + "\n";
}

// The environment block; `key` is how this host is told to fill in the key.
Json environment_of(const Launch& launch, const std::string& key) {
  Json environment = Json::object();
  if (passes_key(launch)) environment[kKey] = key;
  if (launch.needs_key && !launch.key_file.empty()) environment[kKeyFile] = launch.key_file;
  for (const auto& [name, value] : launch.environment) environment[name] = value;
  return environment;
}

Json server_entry(const Launch& launch, const std::string& key, bool with_type) {
  Json entry = Json::object();
  if (with_type) entry["type"] = "stdio";
  entry["command"] = launch.program;
  entry["args"] = launch.args;
  entry["env"] = environment_of(launch, key);
  return entry;
}

std::string mcp_servers(const Launch& launch, const std::string& key, bool with_type) {
  return pretty({{"mcpServers", {{kServerName, server_entry(launch, key, with_type)}}}});
}

// https://code.claude.com/docs/en/mcp. The name stands before --env, which takes every word up to
// the next option (anthropics/claude-code#62332).
Recipe claude_code(const Launch& launch) {
  std::string command = std::string("claude mcp add ") + kServerName + " --scope user";
  const Json environment = environment_of(launch, "$MOTION_API_KEY");
  for (const auto& [name, value] : environment.items()) {
    const auto text = value.get<std::string>();
    command += " --env " + name + "=" + (name == kKey ? "\"" + text + "\"" : shell_quoted(text));
  }
  command += " -- " + shell_quoted(launch.program);
  for (const std::string& arg : launch.args) command += " " + shell_quoted(arg);
  return {command + "\n",
          "Run it in a shell. For a project's .mcp.json: motion-mcp print-config mcp-json.",
          "MOTION_API_KEY must be set there; Claude Code keeps it in ~/.claude.json."};
}

// https://modelcontextprotocol.io/docs/develop/connect-local-servers: values are taken literally.
Recipe claude_desktop(const Launch& launch) {
  return {mcp_servers(launch, "motion_your_api_key", false),
          "Merge it into claude_desktop_config.json (Settings, Developer, Edit Config) and start "
          "Claude Desktop anew.",
          "Put your key in the place of motion_your_api_key: Claude Desktop passes values on as "
          "they are."};
}

// https://cursor.com/docs/mcp: ${env:NAME} is read from Cursor's environment.
Recipe cursor(const Launch& launch) {
  return {mcp_servers(launch, "${env:MOTION_API_KEY}", true),
          "Merge it into ~/.cursor/mcp.json, or .cursor/mcp.json in a project.",
          "Cursor reads MOTION_API_KEY from the environment it was started in."};
}

// https://code.visualstudio.com/docs/copilot/reference/mcp-configuration
Recipe vscode(const Launch& launch) {
  Json config = Json::object();
  if (passes_key(launch)) {
    config["inputs"] = Json::array({{{"type", "promptString"},
                                     {"id", "motion-api-key"},
                                     {"description", "Motion API key (motion_...)"},
                                     {"password", true}}});
  }
  config["servers"] = {{kServerName, server_entry(launch, "${input:motion-api-key}", true)}};
  return {pretty(config),
          "Merge it into .vscode/mcp.json, or into what the command \"MCP: Open User "
          "Configuration\" opens.",
          "VS Code asks for the key once and keeps it."};
}

// A TOML basic string; JSON's escapes are a subset of its own (TOML 1.0, "String").
std::string toml(const Json& value) {
  return value.dump();
}

std::string toml_list(const std::vector<std::string>& items) {
  std::string list;
  for (const std::string& item : items) list += (list.empty() ? "" : ", ") + toml(item);
  return "[" + list + "]";
}

// https://developers.openai.com/codex/mcp: env_vars are passed on from Codex's environment.
Recipe codex(const Launch& launch) {
  std::string text = std::string("[mcp_servers.") + kServerName + "]\n";
  text += "command = " + toml(launch.program) + "\n";
  text += "args = " + toml_list(launch.args) + "\n";
  if (passes_key(launch)) text += "env_vars = [\"" + std::string(kKey) + "\"]\n";
  Json environment = environment_of(launch, "");
  environment.erase(kKey);
  if (!environment.empty()) text += "\n[mcp_servers." + std::string(kServerName) + ".env]\n";
  for (const auto& [name, value] : environment.items()) text += name + " = " + toml(value) + "\n";
  return {text, "Append it to ~/.codex/config.toml.",
          "Codex passes MOTION_API_KEY on from the environment it was started in."};
}

// https://geminicli.com/docs/tools/mcp-server: $NAME is read from Gemini's environment.
Recipe gemini(const Launch& launch) {
  return {mcp_servers(launch, "$MOTION_API_KEY", false),
          "Merge it into ~/.gemini/settings.json, or .gemini/settings.json in a project.",
          "Gemini CLI reads MOTION_API_KEY from the environment it was started in."};
}

// The .mcp.json of a Claude Code project, read by several other hosts as well.
Recipe mcp_json(const Launch& launch) {
  return {mcp_servers(launch, "${MOTION_API_KEY}", true),
          "Merge it into .mcp.json at the root of a project.",
          "It holds no key: Claude Code reads MOTION_API_KEY from the environment it was started "
          "in."};
}

// Settings of the machine that the program heeds.
constexpr std::array<const char*, 7> kPassedOn = {"SSL_CERT_FILE", "SSL_CERT_DIR", "HTTPS_PROXY",
                                                  "https_proxy",   "NO_PROXY",     "no_proxy",
                                                  "XDG_DATA_HOME"};

bool holds_password(const std::string& value) {
  return value.find('@') != std::string::npos;
}

std::string absolute(const std::string& path) {
  std::error_code error;
  const auto whole = std::filesystem::absolute(path, error);
  return error ? path : whole.lexically_normal().string();
}

std::string as_argument(const Flag& flag, const std::string& value) {
  std::string argument = "--" + std::string(flag.name);
  if (flag.is_switch() && value == "true") return argument;
  return argument + "=" + (flag.value_name == "FILE" ? absolute(value) : value);
}

struct Host {
  std::string_view name;
  Recipe (*config)(const Launch&);
};

constexpr std::array<Host, 7> kHosts = {{
    {"claude-code", claude_code},
    {"claude-desktop", claude_desktop},
    {"cursor", cursor},
    {"vscode", vscode},
    {"codex", codex},
    {"gemini", gemini},
    {"mcp-json", mcp_json},
}};

}  // namespace

std::string host_names() {
  std::string names;
  for (const Host& host : kHosts) names += (names.empty() ? "" : ", ") + std::string(host.name);
  return names;
}

Result<HostConfig> host_config(std::string_view name, const Launch& launch) {
  const auto* host = std::find_if(kHosts.begin(), kHosts.end(),
                                  [&](const Host& known) { return known.name == name; });
  if (host == kHosts.end()) {
    return Error{ErrorKind::invalid_argument,
                 name.empty() ? "print-config needs a host" : "unknown host " + std::string(name),
                 "The hosts are " + host_names() + "."};
  }
  Recipe recipe = host->config(launch);
  std::string where(recipe.where);
  if (passes_key(launch)) where.append(" ").append(recipe.about_key);
  return HostConfig{std::move(recipe.text), std::move(where)};
}

Launch launch_like(std::string program, const Config& config, const GivenFlags& given,
                   const Environment& environment) {
  Launch launch;
  launch.program = std::move(program);
  launch.needs_key = !config.sandbox;
  if (!config.api_key.file.empty()) launch.key_file = absolute(config.api_key.file);
  for (const Flag& flag : kFlags) {
    if (!flag.belongs_to(CommandName::stdio)) continue;
    const std::string twin = environment_twin(flag.name);
    if (const auto found = given.find(flag.name); found != given.end()) {
      launch.args.push_back(as_argument(flag, found->second));
    } else if (const auto value = read_variable(environment, twin)) {
      launch.environment.emplace_back(twin, *value);
    }
  }
  for (const char* name : kPassedOn) {
    const auto value = read_variable(environment, name);
    if (value && !holds_password(*value)) launch.environment.emplace_back(name, *value);
  }
  return launch;
}

}  // namespace motion_mcp::app
