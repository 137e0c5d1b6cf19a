#pragma once

// How prompts are registered, got and completed (MCP "Prompts"). Like a tool, a prompt sees neither
// a protocol version nor a header, and may ask for input (input.h).

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "base/result.h"
#include "mcp/completion.h"
#include "mcp/input.h"
#include "mcp/tool.h"

namespace motion_mcp::mcp {

struct PromptRequest {
  const Json& arguments;  // an object of strings, with all that the definition requires
  const Caller& caller;
  std::stop_token stop;  // the caller no longer wants the answer
  // As for a tool (ToolCall).
  const Json& capabilities;
  const InputAnswers& input;
};

struct PromptResult {
  // Set when the prompt cannot be made before these are answered; the rest does not count then.
  std::optional<InputRequired> input_required = {};
  std::string description = {};   // may be empty
  Json messages = Json::array();  // of prompt_message
};

enum class Role { user, assistant };
// `content` is a content block (content.h).
Json prompt_message(Role role, Json content);

// May block: it runs on a worker, many at a time. `invalid_argument` says that the arguments are
// wrong; any other error is an internal one to the client. Exceptions become an internal error.
using PromptMaker = std::function<Result<PromptResult>(const PromptRequest&)>;

struct Prompt {
  // The prompts/list entry as JSON text: name, title, description, arguments. Must outlive the
  // server.
  std::string_view definition;
  PromptMaker make;
  Completer complete = {};  // empty: nothing is suggested
};

}  // namespace motion_mcp::mcp
