#include "app/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <exception>
#include <utility>

#include "base/text.h"

namespace motion_mcp::app {

const std::array<Command, 7> kCommands = {{
    {CommandName::stdio, "", "", "serve MCP on standard input and output: what a host launches"},
    {CommandName::http, "http", "", "serve MCP on Streamable HTTP: what a connector reaches"},
    {CommandName::call, "call", "TOOL", "call one tool from the terminal"},
    {CommandName::sandbox, "sandbox", "", "serve the offline Motion API on a port"},
    {CommandName::tools, "tools", "", "show what is advertised, as a host sees it"},
    {CommandName::doctor, "doctor", "[URL]", "check key, folders and network, and say what to do"},
    {CommandName::print_config, "print-config", "HOST", "print the configuration to paste"},
}};

const Command& command_of(CommandName name) {
  return *std::find_if(kCommands.begin(), kCommands.end(),
                       [&](const Command& command) { return command.name == name; });
}

namespace {

Error usage_error(const Command& command, std::string message) {
  std::string program = "motion-mcp";
  if (!command.word.empty()) program += " " + std::string(command.word);
  return Error{ErrorKind::invalid_argument, std::move(message), "See " + program + " --help."};
}

bool is_flag(std::string_view arg) {
  return arg.size() > 1 && arg.front() == '-';
}

// The places in `args` of the words that are neither flags nor flags' values. The arguments of a
// tool are not known yet, so what follows the second word counts for nothing.
std::vector<std::size_t> find_words(const std::vector<std::string>& args) {
  std::vector<std::size_t> words;
  for (std::size_t i = 0; i < args.size() && words.size() < 2; ++i) {
    if (!is_flag(args[i])) {
      words.push_back(i);
      continue;
    }
    const Flag* flag = find_flag(std::string_view(args[i]).substr(2));
    if (flag != nullptr && !flag->is_switch()) ++i;
  }
  return words;
}

Error unknown_word(const Command& command, const std::string& what, const std::string& word,
                   const std::vector<std::string>& known) {
  std::string message = "unknown " + what + " " + word;
  if (const auto meant = base::nearest(word, known); !meant.empty()) {
    message += "; did you mean " + std::string(meant) + "?";
  }
  return usage_error(command, std::move(message));
}

// One command's flags and arguments, and their reading. CLI11 takes the command line apart; the
// values stay text.
class Parser {
 public:
  explicit Parser(const Command& command) : command_(command) {
    app_.set_help_flag();
    app_.allow_extras();
    help_ = add("help", true, "-h,--help");
    if (command.name == CommandName::stdio) version_ = add("version", true, "--version");
    for (const Flag& flag : kFlags) {
      if (!flag.belongs_to(command.name)) continue;
      flags_.push_back({std::string(flag.name), add(flag.name, flag.is_switch())});
    }
    if (!command.subject.empty()) subject_ = app_.add_option(std::string(command.subject));
  }

  void add_tool_arguments(const Json& input_schema) {
    const auto properties = input_schema.find("properties");
    if (properties == input_schema.end() || !properties->is_object()) return;
    for (const auto& [name, schema] : properties->items()) {
      CLI::Option* option = add(name, false);
      const bool is_boolean = schema.value("type", Json()) == "boolean";
      if (is_boolean) option->expected(0, 1);
      arguments_.push_back({name, option, is_boolean});
    }
  }

  Result<CommandLine> parse(std::vector<std::string> args) {
    std::reverse(args.begin(), args.end());  // as CLI11 wants them
    try {
      app_.parse(std::move(args));
    } catch (const CLI::ParseError& fault) {
      return usage_error(command_, fault.what());
    }
    CommandLine line;
    line.command = command_.name;
    line.wants_help = help_->count() > 0;
    line.wants_version = version_ != nullptr && version_->count() > 0;
    if (const auto rest = app_.remaining(); !rest.empty() && !line.wants_help) {
      return unknown_word(command_, "argument", rest.front(), known_);
    }
    for (const Named& flag : flags_) {
      if (flag.option->count() > 0) line.flags[flag.name] = text_of(flag);
    }
    for (const Named& argument : arguments_) {
      if (argument.option->count() > 0)
        line.arguments.push_back({argument.name, text_of(argument)});
    }
    if (subject_ != nullptr && subject_->count() > 0) line.subject = subject_->results().front();
    return line;
  }

 private:
  CLI::Option* add(std::string_view name, bool is_switch, std::string spelling = {}) {
    known_.push_back("--" + std::string(name));
    if (spelling.empty()) spelling = known_.back();
    return is_switch ? app_.add_flag(spelling) : app_.add_option(spelling);
  }

  struct Named {
    std::string name;
    CLI::Option* option;           // owned by app_
    bool stands_for_true = false;  // when it has no value
  };

  static std::string text_of(const Named& named) {
    std::string text = named.option->results().front();
    return text.empty() && named.stands_for_true ? "true" : text;
  }

  const Command& command_;
  CLI::App app_;
  CLI::Option* help_ = nullptr;
  CLI::Option* version_ = nullptr;
  CLI::Option* subject_ = nullptr;
  std::vector<Named> flags_;
  std::vector<Named> arguments_;
  std::vector<std::string> known_;
};

// CLI11 takes the next argument for the value when there is nothing after the "=".
std::vector<std::string> split_empty_values(const std::vector<std::string>& args) {
  std::vector<std::string> split;
  for (const std::string& arg : args) {
    if (arg.starts_with("--") && arg.ends_with('=')) {
      split.push_back(arg.substr(0, arg.size() - 1));
      split.emplace_back();
    } else {
      split.push_back(arg);
    }
  }
  return split;
}

const Command* find_command(std::string_view word) {
  const auto* found = std::find_if(kCommands.begin(), kCommands.end(),
                                   [&](const Command& command) { return command.word == word; });
  return found == kCommands.end() ? nullptr : found;
}

std::vector<std::string> command_words() {
  std::vector<std::string> words;
  for (const Command& command : kCommands) {
    if (!command.word.empty()) words.emplace_back(command.word);
  }
  return words;
}

}  // namespace

Result<CommandLine> parse_command_line(const std::vector<std::string>& args,
                                       const FindTool& find_tool) {
  std::vector<std::string> rest = split_empty_values(args);
  const std::vector<std::size_t> words = find_words(rest);
  const std::string word = words.empty() ? "" : rest[words[0]];
  const Command* command = find_command(word);
  if (command == nullptr) {
    return unknown_word(command_of(CommandName::stdio), "command", word, command_words());
  }

  Parser parser(*command);
  if (command->name == CommandName::call && words.size() > 1) {
    const std::string& name = rest[words[1]];
    const auto tool = find_tool(name);
    if (!tool) {
      return usage_error(*command,
                         "there is no tool " + name + "; a tool's arguments stand after its name");
    }
    parser.add_tool_arguments(tool->value("inputSchema", Json::object()));
  }
  if (!words.empty()) rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(words[0]));
  return parser.parse(std::move(rest));
}

}  // namespace motion_mcp::app
