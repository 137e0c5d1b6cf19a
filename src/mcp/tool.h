#pragma once

// How a tool is registered, called and answers. A tool sees neither a protocol version nor a
// header: what differs between versions is projected around it.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/json_value.h"
#include "mcp/caller.h"
#include "mcp/content.h"
#include "mcp/input.h"
#include "mcp/log_message.h"

namespace motion_mcp::mcp {

// MCP "Progress": `progress` must rise from one report to the next.
struct Progress {
  double progress = 0;
  std::optional<double> total;
  std::string message;
};

// Tells the caller how far the call has come; does nothing when the caller did not ask. Calls after
// the tool returned are dropped.
using ProgressSink = std::function<void(const Progress&)>;

struct ToolCall {
  const Json& arguments;  // valid against the tool's inputSchema, and passed its check
  const Caller& caller;
  ProgressSink progress;
  std::stop_token stop;  // the caller no longer wants the answer
  // What the client declared that it can be asked (can_answer), and what it answered in the round
  // before; no answers in the first.
  const Json& capabilities;
  const InputAnswers& input;
  // The client takes a task (ToolResult::task) in place of the answer.
  bool takes_task = false;
  LogSink log = {};  // never empty when a server calls
  // Closes the client's stream, which it may resume (MCP 2025-11-25, SEP-1699); empty where it
  // cannot.
  std::function<void()> suspend = {};
  // The server is ending (RunContext::ending, server.h): what is seen through for a caller who left
  // ends with this.
  std::stop_token ending = {};
};

// Work that goes on after the call was answered; the tool's TaskCode (task.h) tells of it.
struct StartedTask {
  // What TaskCode finds the work again by: handed out sealed, so that nothing need be kept. At most
  // kMaxTaskStateBytes (task_id.h); beyond, the call is answered as if the client took no task.
  std::string state;
  std::string status_message = {};  // in a sentence; may be empty
  std::chrono::milliseconds poll_interval{5000};
};

// Where the `_meta` of an isError result says for programs what its text says for models: an object
// with `kind` (ErrorKind) and `spent` ("no" or "unknown"), and what else a tool puts there.
inline constexpr const char* kErrorMeta = "motion-mcp/error";

// MCP "Calling Tools". Build the content with content.h.
struct ToolResult {
  // Set when the call cannot be completed before these are answered; the rest does not count then.
  // Requests that the client cannot answer make the call an error.
  std::optional<InputRequired> input_required = {};
  Json content = Json::array();
  std::optional<Json> structured_content;
  bool is_error = false;
  Json meta;  // `_meta` of the result; null for none
  // The work goes on. A client that takes tasks gets this one, and what it ends with later; for
  // every other client the rest is the answer.
  std::optional<StartedTask> task = {};
};

// May block: it runs on a worker of its own, many at a time. Exceptions become an internal error.
using ToolHandler = std::function<ToolResult(const ToolCall&)>;

// What the schema cannot say about the arguments: the result that refuses the call, or nullopt to
// let it run. Runs on the thread that reads the messages, before the call costs a worker or counts
// as one: no network, no disk, no locks, and time in proportion to the arguments. Thread-safe.
// Exceptions become an internal error.
using ToolCheck = std::function<std::optional<ToolResult>(const Json& arguments)>;

struct TaskCode;

struct ToolCode {
  ToolHandler run;
  ToolCheck check = {};  // empty when the schema says it all
  // What becomes of the tasks that it starts; null when it starts none.
  std::shared_ptr<const TaskCode> tasks = nullptr;
};

struct Tool {
  // The tools/list entry as JSON text: name, title, description, annotations, inputSchema,
  // outputSchema. Must outlive the server.
  std::string_view definition;
  ToolCode code;
  // The further credential (Caller::further) that it works with: a caller without one neither sees
  // nor finds the tool. Empty: it is everybody's.
  std::string credential = {};
};

}  // namespace motion_mcp::mcp
