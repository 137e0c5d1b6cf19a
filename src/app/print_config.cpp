#include "app/print_config.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "app/shell_quote.h"
#include "base/json_value.h"

namespace motion_mcp::app {
namespace {

constexpr const char* kServerName = "motion";

// How hosts speak of a key.
struct KeyWords {
  std::string_view variable;
  std::string_view placeholder;  // stands where the user is to write it
  std::string_view input;        // the id under which VS Code keeps it
  std::string_view description;
};

constexpr std::array<KeyWords, 4> kKeys = {{
    {"MOTION_API_KEY", "motion_your_api_key", "motion-api-key", "Motion API key (motion_...)"},
    {"MOSAIC_API_KEY", "mk_your_api_key", "mosaic-api-key", "Mosaic API key (mk_...)"},
    {"MOTIONESS_PROJECT_KEY", "pk_your_project_key", "motioness-project-key",
     "Motioness project key (pk_...)"},
    {"MOTIONESS_SIGNING_SECRET", "your_signing_secret", "motioness-signing-secret",
     "Motioness signing secret"},
}};

// What a host makes of a launch.
struct Recipe {
  std::string text;
  std::string_view where;
  std::string about_keys;  // said when the host is to pass keys
};

// The keys that the host is to pass itself.
std::vector<KeyWords> passed_keys(const Launch& launch) {
  std::vector<KeyWords> passed;
  for (const KeyWords& words : kKeys) {
    const bool is_passed = std::any_of(
        launch.keys.begin(), launch.keys.end(),
        [&](const LaunchKey& key) { return key.variable == words.variable && key.file.empty(); });
    if (is_passed) passed.push_back(words);
  }
  return passed;
}

// "MOTION_API_KEY and MOSAIC_API_KEY"
std::string listed(const Launch& launch, std::string_view KeyWords::*word) {
  const std::vector<KeyWords> keys = passed_keys(launch);
  std::string text;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    text += i == 0 ? "" : i + 1 == keys.size() ? " and " : ", ";
    text += keys[i].*word;
  }
  return text;
}

std::string variables_of(const Launch& launch) {
  return listed(launch, &KeyWords::variable);
}

std::string pretty(const Json& json) {
  return json.dump(2) + "\n";
}

// How a host is told to fill in a key.
using Reference = std::string (*)(const KeyWords& key);

Json environment_of(const Launch& launch, Reference reference) {
  Json environment = Json::object();
  for (const KeyWords& key : passed_keys(launch)) {
    environment[std::string(key.variable)] = reference(key);
  }
  for (const LaunchKey& key : launch.keys) {
    if (!key.file.empty()) environment[key.variable + "_FILE"] = key.file;
  }
  for (const auto& [name, value] : launch.environment) environment[name] = value;
  return environment;
}

Json server_entry(const Launch& launch, Reference reference, bool with_type) {
  Json entry = Json::object();
  if (with_type) entry["type"] = "stdio";
  entry["command"] = launch.program;
  entry["args"] = launch.args;
  entry["env"] = environment_of(launch, reference);
  return entry;
}

std::string mcp_servers(const Launch& launch, Reference reference, bool with_type) {
  return pretty({{"mcpServers", {{kServerName, server_entry(launch, reference, with_type)}}}});
}

// https://code.claude.com/docs/en/mcp. The name stands before --env, which takes every word up to
// the next option (anthropics/claude-code#62332).
Recipe claude_code(const Launch& launch) {
  std::string command = std::string("claude mcp add ") + kServerName + " --scope user";
  const Reference from_shell = [](const KeyWords& key) { return "$" + std::string(key.variable); };
  for (const KeyWords& key : passed_keys(launch)) {
    command += " --env " + std::string(key.variable) + "=\"" + from_shell(key) + "\"";
  }
  Launch rest = launch;
  std::erase_if(rest.keys, [](const LaunchKey& key) { return key.file.empty(); });
  const Json environment = environment_of(rest, from_shell);
  for (const auto& [name, value] : environment.items()) {
    command += " --env " + name + "=" + shell_quoted(value.get<std::string>());
  }
  command += " -- " + shell_quoted(launch.program);
  for (const std::string& arg : launch.args) command += " " + shell_quoted(arg);
  return {command + "\n",
          "Run it in a shell. For a project's .mcp.json: motion-mcp print-config mcp-json.",
          variables_of(launch) +
              " must be set there; Claude Code keeps what it gets in "
              "~/.claude.json."};
}

// https://modelcontextprotocol.io/docs/develop/connect-local-servers: values are taken literally.
Recipe claude_desktop(const Launch& launch) {
  return {mcp_servers(
              launch, [](const KeyWords& key) { return std::string(key.placeholder); }, false),
          "Merge it into claude_desktop_config.json (Settings, Developer, Edit Config) and start "
          "Claude Desktop anew.",
          "Write yours in the place of " + listed(launch, &KeyWords::placeholder) +
              ": Claude Desktop passes values on as they are."};
}

// https://cursor.com/docs/mcp: ${env:NAME} is read from Cursor's environment.
Recipe cursor(const Launch& launch) {
  return {mcp_servers(
              launch,
              [](const KeyWords& key) { return "${env:" + std::string(key.variable) + "}"; }, true),
          "Merge it into ~/.cursor/mcp.json, or .cursor/mcp.json in a project.",
          "Cursor reads " + variables_of(launch) + " from the environment it was started in."};
}

// https://code.visualstudio.com/docs/copilot/reference/mcp-configuration
Recipe vscode(const Launch& launch) {
  Json config = Json::object();
  for (const KeyWords& key : passed_keys(launch)) {
    config["inputs"].push_back({{"type", "promptString"},
                                {"id", key.input},
                                {"description", key.description},
                                {"password", true}});
  }
  const Reference from_input = [](const KeyWords& key) {
    return "${input:" + std::string(key.input) + "}";
  };
  config["servers"] = {{kServerName, server_entry(launch, from_input, true)}};
  return {pretty(config),
          "Merge it into .vscode/mcp.json, or into what the command \"MCP: Open User "
          "Configuration\" opens.",
          "VS Code asks for each key once and keeps it."};
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
  std::vector<std::string> passed;
  for (const KeyWords& key : passed_keys(launch)) passed.emplace_back(key.variable);
  if (!passed.empty()) text += "env_vars = " + toml_list(passed) + "\n";
  Json environment = environment_of(launch, [](const KeyWords&) { return std::string(); });
  for (const std::string& variable : passed) environment.erase(variable);
  if (!environment.empty()) text += "\n[mcp_servers." + std::string(kServerName) + ".env]\n";
  for (const auto& [name, value] : environment.items()) text += name + " = " + toml(value) + "\n";
  return {text, "Append it to ~/.codex/config.toml.",
          "Codex passes " + variables_of(launch) + " on from the environment it was started in."};
}

// https://geminicli.com/docs/tools/mcp-server: $NAME is read from Gemini's environment.
Recipe gemini(const Launch& launch) {
  return {mcp_servers(
              launch, [](const KeyWords& key) { return "$" + std::string(key.variable); }, false),
          "Merge it into ~/.gemini/settings.json, or .gemini/settings.json in a project.",
          "Gemini CLI reads " + variables_of(launch) + " from the environment it was started in."};
}

// The .mcp.json of a Claude Code project, read by several other hosts as well.
Recipe mcp_json(const Launch& launch) {
  return {
      mcp_servers(
          launch, [](const KeyWords& key) { return "${" + std::string(key.variable) + "}"; }, true),
      "Merge it into .mcp.json at the root of a project.",
      "It holds no key: Claude Code reads " + variables_of(launch) +
          " from the environment it was started in."};
}

// Settings of the machine that the program heeds.
constexpr std::array<const char*, 9> kPassedOn = {
    "SSL_CERT_FILE", "SSL_CERT_DIR",  "HTTPS_PROXY",         "https_proxy",       "NO_PROXY",
    "no_proxy",      "XDG_DATA_HOME", "MOSAIC_API_BASE_URL", "MOTIONESS_BASE_URL"};

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

LaunchKey launch_key(std::string variable, const ApiKey& key) {
  return {std::move(variable), key.file.empty() ? std::string() : absolute(key.file)};
}

// Motion's in any case; the others when the program was given them.
std::vector<LaunchKey> keys_of(const Config& config) {
  std::vector<LaunchKey> keys = {launch_key("MOTION_API_KEY", config.api_key)};
  const auto add_given = [&](const char* variable, const ApiKey& key) {
    const bool was_given = !key.value.empty() || !key.file.empty();
    if (was_given) keys.push_back(launch_key(variable, key));
  };
  add_given("MOSAIC_API_KEY", config.mosaic_key);
  add_given("MOTIONESS_PROJECT_KEY", config.motioness_project_key);
  add_given("MOTIONESS_SIGNING_SECRET", config.motioness_signing_secret);
  return keys;
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
  if (!passed_keys(launch).empty()) where.append(" ").append(recipe.about_keys);
  return HostConfig{std::move(recipe.text), std::move(where)};
}

Launch launch_like(std::string program, const Config& config, const GivenFlags& given,
                   const Environment& environment) {
  Launch launch;
  launch.program = std::move(program);
  if (!config.sandbox) launch.keys = keys_of(config);
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
