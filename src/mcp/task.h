#pragma once

// Tasks (extension io.modelcontextprotocol/tasks of MCP 2026-07-28, SEP-2663): a call that is
// answered while its work goes on. The server decides; a client that declared the extension follows
// the work by the task's id. Nothing is kept here: the id brings the tool's own state back, sealed,
// to whichever process it is sent to.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "mcp/tool.h"

namespace motion_mcp::mcp {

// What a client would have had to declare, shaped like its capabilities.
Json tasks_capability();

enum class TaskStatus { working, input_required, completed, failed, cancelled };

// A completed, failed or cancelled task stays as it is; tools keep to that.
bool is_over(TaskStatus status);

// A task as it stands.
struct TaskView {
  TaskStatus status = TaskStatus::working;
  std::string status_message = {};  // in a sentence; may be empty
  // When the work last changed; nullopt, or a moment before the task began, is its beginning.
  std::optional<base::WallTime> last_updated = {};
  std::chrono::milliseconds poll_interval{5000};  // unless the task is over

  // Of a completed task: the answer that the call would have had, its isError included.
  ToolResult result = {};
  // Of a failed task: a JSON-RPC error. For faults of the protocol; work that ended badly is
  // completed with isError.
  int error_code = 0;
  std::string error_message = {};
  // Of a task that needs input: what is still unanswered, by keys that are never used again.
  std::vector<std::pair<std::string, InputRequest>> input_requests = {};
};

// One request about a task, on behalf of the caller who started it: nobody else gets this far.
struct TaskCall {
  std::string_view state;  // StartedTask::state
  base::WallTime created;  // to the millisecond
  const Caller& caller;
  std::stop_token stop;  // nobody wants the answer any more
};

// The answer to an update or a cancel.
struct TaskAck {
  Json meta = nullptr;  // `_meta` of the acknowledgement; null for none
};

// How a tool tells of its tasks. Thread-safe. Nullopt where it no longer knows the task: the client
// is told the same as for an id that never was. Exceptions become an internal error.
struct TaskCode {
  // May block. Touches nothing: looking twice is as good as once.
  std::function<std::optional<TaskView>(const TaskCall&)> look;
  // Takes answers (objects, otherwise unchecked) to input requests, some or all; others' keys are
  // to be ignored. May block. Empty when the tasks need no input.
  std::function<std::optional<TaskAck>(const TaskCall&, const Json& responses)> update = {};
  // Asks the work to stop, which it may do later or never; nothing for a task that is over. May
  // block. Empty when nothing can be done: the request is acknowledged all the same.
  std::function<std::optional<TaskAck>(const TaskCall&)> cancel = {};
  // Calls `changed` when another look may show something new, from any thread, until the
  // subscription is gone. Must not block; null when it cannot be watched now. Empty when it never
  // can: then it is looked at once per poll_interval.
  using Subscription = std::shared_ptr<const void>;
  std::function<Subscription(const TaskCall&, std::function<void()> changed)> watch = {};

  // How long a task can be asked for at least, from its beginning.
  std::chrono::milliseconds ttl = std::chrono::hours(24);
  // The tool has no other answer: clients that take no tasks are refused before it is run.
  bool is_only_answer = false;
};

}  // namespace motion_mcp::mcp
