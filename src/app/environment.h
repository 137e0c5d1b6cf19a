#pragma once

#include <functional>
#include <optional>
#include <string>

namespace motion_mcp::app {

// The value of an environment variable, or nullopt when there is none.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// The process's own: the one place in the program that calls getenv.
Environment process_environment();

// True for a value that says nothing: empty, or still `${...}` because a host did not substitute
// it.
bool counts_as_unset(const std::string& value);

// A variable's value; nullopt when there is none or it counts as unset.
std::optional<std::string> read_variable(const Environment& environment, const std::string& name);

}  // namespace motion_mcp::app
