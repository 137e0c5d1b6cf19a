#pragma once

// Every flag of the program, once. A flag has an environment twin: `--api-base-url` is
// MOTION_API_BASE_URL (design section 6).

#include <array>
#include <map>
#include <string>
#include <string_view>

namespace motion_mcp::app {

enum class CommandName { stdio, http, call, sandbox, tools, doctor, print_config };

struct Flag {
  std::string_view name;        // without the dashes
  std::string_view value_name;  // empty for a switch
  std::string_view help;        // one clause, without the environment twin
  unsigned commands = 0;        // the commands that take it: bits by CommandName

  [[nodiscard]] constexpr bool is_switch() const { return value_name.empty(); }
  [[nodiscard]] constexpr bool belongs_to(CommandName command) const {
    return (commands & (1U << static_cast<unsigned>(command))) != 0;
  }
};

extern const std::array<Flag, 48> kFlags;

// nullptr when there is no such flag.
const Flag* find_flag(std::string_view name);

// "api-base-url" -> "MOTION_API_BASE_URL"
std::string environment_twin(std::string_view flag_name);

// What a command line gave, by flag name, as it was written; a switch alone is "true".
using GivenFlags = std::map<std::string, std::string, std::less<>>;

}  // namespace motion_mcp::app
