#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/flags.h"
#include "base/json_value.h"
#include "base/result.h"

namespace motion_mcp::app {

struct Command {
  CommandName name;
  std::string_view word;     // what is typed; empty for stdio
  std::string_view subject;  // the name of its positional argument; empty for none
  std::string_view summary;  // one clause
};

extern const std::array<Command, 7> kCommands;

const Command& command_of(CommandName name);

// One argument of a tool, as it was written: `--prompt TEXT`. The name is a property of the tool's
// inputSchema.
struct ToolArgument {
  std::string name;
  std::string text;
};

struct CommandLine {
  CommandName command = CommandName::stdio;
  bool wants_help = false;
  bool wants_version = false;
  GivenFlags flags;
  std::string subject;  // the tool of `call`, the host of `print-config`, the URL of `doctor`
  std::vector<ToolArgument> arguments;
};

// The tools/list entry of a tool, or nullopt when there is no such tool.
using FindTool = std::function<std::optional<Json>(std::string_view name)>;

// Reads what follows the program's name. invalid_argument says what is wrong and names what was
// probably meant. Flags may stand before and after the command's word; a tool's arguments stand
// after its name. The value of an argument is taken as it comes, whatever it looks like.
Result<CommandLine> parse_command_line(const std::vector<std::string>& args,
                                       const FindTool& find_tool);

}  // namespace motion_mcp::app
