#pragma once

// The requests of the tasks extension: tasks/get, tasks/update and tasks/cancel, and the result
// that hands out a task.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "base/seal_key_source.h"
#include "jsonrpc/message.h"
#include "mcp/server.h"
#include "mcp/task.h"
#include "mcp/task_id.h"
#include "mcp/tool_registry.h"

namespace motion_mcp::mcp {

// A task of the caller who asks for it.
struct KnownTask {
  std::string id;
  TaskTicket ticket;
  const TaskCode& code;
};

// What one look at a task brought.
struct TaskSeen {
  TaskStatus status;
  std::chrono::milliseconds poll_interval;
  std::string members;  // of the task as JSON text, without the braces
  std::string gist;     // differs when there is something new to tell
};

// The error for a client that did not declare the extension; `what` is refused.
Reply refuse_without_tasks(const jsonrpc::Id& id, std::string_view what);

// Thread-safe. Registry and clock must outlive it.
class TaskMethods {
 public:
  struct Shape {
    std::function<std::string(const ToolResult&)> project;  // the JSON text of a result
    Json meta;                                              // `_meta` of every result
  };
  TaskMethods(const ToolRegistry& tools, std::shared_ptr<const base::SealKeySource> keys,
              const base::Clock& clock, Shape shape);

  // Whether `method` is one of the three, and there is a tool that starts tasks.
  [[nodiscard]] bool has(std::string_view method) const;
  // Serves a request whose method it has.
  [[nodiscard]] Step serve(const jsonrpc::Request& request, const Json& capabilities,
                           const Caller& caller) const;

  // The JSON text of the result that hands out the task: CreateTaskResult. Nullopt when its state
  // does not fit into an id.
  [[nodiscard]] std::optional<std::string> begin(const RegisteredTool& tool,
                                                 const StartedTask& task,
                                                 const Caller& caller) const;

  // Nullopt for an id that is unknown, damaged or somebody else's: nobody is told which. May read
  // the seal keys.
  [[nodiscard]] std::optional<KnownTask> find(std::string_view id, const Caller& caller) const;
  // May block. not_found when the tool no longer knows the task, internal when it threw.
  [[nodiscard]] Result<TaskSeen> look(const KnownTask& task, const Caller& caller,
                                      const std::stop_token& stop) const;

 private:
  [[nodiscard]] Reply get(const jsonrpc::Id& id, const KnownTask& task, const Caller& caller,
                          const std::stop_token& stop) const;
  [[nodiscard]] Reply acknowledge(const jsonrpc::Id& id, const KnownTask& task,
                                  const std::function<std::optional<TaskAck>()>& act) const;

  const ToolRegistry& tools_;
  const TaskIds ids_;
  const base::Clock& clock_;
  const Shape shape_;
  const std::string meta_text_;
};

}  // namespace motion_mcp::mcp
