#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/command_line.h"
#include "base/json_value.h"
#include "base/result.h"

namespace motion_mcp::app {

// Reads a file whole; "-" is standard input.
using ReadFile = std::function<Result<std::string>(const std::string& path)>;

// The arguments of a tool call as the tool's inputSchema types them. A value is given as
//   TEXT      itself; "@@" at its beginning stands for one "@"
//   @FILE     the file's content, without its last line break
//   -         standard input, likewise
// and then read as the property's type: a string stays text, numbers and booleans are converted,
// objects and arrays are JSON; where a string or an object may stand, the text of a JSON object is
// that object. invalid_argument names the flag. Limits and required properties are the server's to
// check.
Result<Json> typed_arguments(const Json& input_schema, const std::vector<ToolArgument>& given,
                             const ReadFile& read_file);

}  // namespace motion_mcp::app
