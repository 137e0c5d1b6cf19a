#include "mcp/task_methods.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/log.h"
#include "mcp/extension.h"

namespace motion_mcp::mcp {
namespace {

using jsonrpc::Code;
using jsonrpc::print_string;

constexpr std::string_view kGet = "tasks/get";
constexpr std::string_view kUpdate = "tasks/update";
constexpr std::string_view kCancel = "tasks/cancel";

// The same for an id that never was, that was damaged and that is somebody else's.
constexpr std::string_view kUnknownTask =
    "Unknown task: this server gave this caller no task with this taskId";

std::string_view word_for(TaskStatus status) {
  switch (status) {
    case TaskStatus::working:
      return "working";
    case TaskStatus::input_required:
      return "input_required";
    case TaskStatus::completed:
      return "completed";
    case TaskStatus::failed:
      return "failed";
    case TaskStatus::cancelled:
      return "cancelled";
  }
  return "failed";
}

std::string member(std::string_view name, std::string_view text) {
  return "\"" + std::string(name) + "\":" + std::string(text);
}

std::string print_count(std::chrono::milliseconds count) {
  return std::to_string(std::max<std::chrono::milliseconds::rep>(count.count(), 1));
}

Json requests_json(const TaskView& view) {
  Json requests = Json::object();
  for (const auto& [key, request] : view.input_requests) {
    requests[key] = {{"method", request.method}, {"params", request.params}};
  }
  return requests;
}

// What every form of a task has, up to its times.
std::string head_members(std::string_view id, TaskStatus status, const std::string& message,
                         base::WallTime created, base::WallTime updated,
                         std::chrono::milliseconds ttl) {
  std::string text = member("taskId", print_string(id));
  text += "," + member("status", print_string(word_for(status)));
  if (!message.empty()) text += "," + member("statusMessage", print_string(message));
  text += "," + member("createdAt", print_string(base::to_rfc3339(created)));
  text += "," + member("lastUpdatedAt", print_string(base::to_rfc3339(updated)));
  return text + "," + member("ttlMs", print_count(ttl));
}

Error not_known() {
  return {ErrorKind::not_found, std::string(kUnknownTask)};
}

// What `act` returns; an exception is logged and becomes an internal error.
template <class Act>
auto guarded(const KnownTask& task, const Act& act)
    -> Result<typename decltype(act())::value_type> {
  try {
    auto result = act();
    if (!result) return not_known();
    return *std::move(result);
  } catch (const std::exception& fault) {
    base::log_error("a task of " + task.ticket.tool + " failed: " + fault.what());
  } catch (...) {
    base::log_error("a task of " + task.ticket.tool + " failed with an unknown exception");
  }
  return Error{ErrorKind::internal, "Internal error in " + task.ticket.tool +
                                        ": the task could not be asked for; its work may go on"};
}

Reply refuse(const jsonrpc::Id& id, const Error& error) {
  const bool is_unknown = error.kind == ErrorKind::not_found;
  return error_reply(id, is_unknown ? Code::invalid_params : Code::internal_error, error.message);
}

bool is_object_of_objects(const Json& value) {
  return value.is_object() &&
         std::all_of(value.begin(), value.end(), [](const Json& one) { return one.is_object(); });
}

}  // namespace

Reply refuse_without_tasks(const jsonrpc::Id& id, std::string_view what) {
  return error_reply(id, Code::missing_client_capability,
                     std::string(what) +
                         " was not run: it needs a client that declares the "
                         "extension io.modelcontextprotocol/tasks",
                     Fault::bad_request, {{"requiredCapabilities", tasks_capability()}});
}

TaskMethods::TaskMethods(const ToolRegistry& tools, std::shared_ptr<const base::SealKeySource> keys,
                         const base::Clock& clock, Shape shape)
    : tools_(tools),
      ids_(std::move(keys)),
      clock_(clock),
      shape_(std::move(shape)),
      meta_text_(jsonrpc::print(shape_.meta)) {}

bool TaskMethods::has(std::string_view method) const {
  return tools_.has_tasks() && (method == kGet || method == kUpdate || method == kCancel);
}

Step TaskMethods::serve(const jsonrpc::Request& request, const Json& capabilities,
                        const Caller& caller) const {
  if (!declares(capabilities, kTasksExtension))
    return refuse_without_tasks(request.id, request.method);
  const auto id = request.params.find("taskId");
  if (id == request.params.end() || !id->is_string()) {
    return error_reply(request.id, Code::invalid_params, request.method + " needs a \"taskId\"");
  }
  Json responses;
  if (request.method == kUpdate) {
    const auto given = request.params.find("inputResponses");
    if (given == request.params.end() || !is_object_of_objects(*given)) {
      return error_reply(request.id, Code::invalid_params,
                         "tasks/update needs \"inputResponses\", an object of objects");
    }
    responses = *given;
  }
  const auto run = [this, method = request.method, request_id = request.id, caller,
                    task_id = id->get<std::string>(),
                    responses = std::move(responses)](const RunContext& context) {
    const auto task = find(task_id, caller);
    if (!task) return refuse(request_id, not_known());
    if (method == kGet) return get(request_id, *task, caller, context.stop);
    const TaskCall call{task->ticket.state, task->ticket.created, caller, context.stop};
    return acknowledge(request_id, *task, [&]() -> std::optional<TaskAck> {
      if (method == kUpdate) {
        return task->code.update ? task->code.update(call, responses) : TaskAck();
      }
      return task->code.cancel ? task->code.cancel(call) : TaskAck();
    });
  };
  // What an update lets go on may spend.
  return Work{request.id, run, /*is_read_only=*/request.method != kUpdate};
}

std::optional<std::string> TaskMethods::begin(const RegisteredTool& tool, const StartedTask& task,
                                              const Caller& caller) const {
  const base::WallTime now = clock_.wall();
  const auto id = ids_.seal({tool.name, now, task.state}, caller);
  if (!id) return std::nullopt;
  return R"({"resultType":"task",)" +
         head_members(*id, TaskStatus::working, task.status_message, now, now,
                      tool.code.tasks->ttl) +
         "," + member("pollIntervalMs", print_count(task.poll_interval)) + "," +
         member("_meta", meta_text_) + "}";
}

std::optional<KnownTask> TaskMethods::find(std::string_view id, const Caller& caller) const {
  auto ticket = ids_.open(id, caller);
  if (!ticket) return std::nullopt;
  const RegisteredTool* tool = tools_.find(ticket->tool);
  if (tool == nullptr || tool->code.tasks == nullptr) return std::nullopt;
  return KnownTask{std::string(id), *std::move(ticket), *tool->code.tasks};
}

Result<TaskSeen> TaskMethods::look(const KnownTask& task, const Caller& caller,
                                   const std::stop_token& stop) const {
  const base::WallTime created = task.ticket.created;
  return guarded(task, [&]() -> std::optional<TaskSeen> {
    const auto view = task.code.look({task.ticket.state, created, caller, stop});
    if (!view) return std::nullopt;
    const base::WallTime updated = std::max(view->last_updated.value_or(created), created);
    TaskSeen seen{view->status, view->poll_interval, {}, {}};
    seen.members =
        head_members(task.id, view->status, view->status_message, created, updated, task.code.ttl);
    if (!is_over(view->status)) {
      seen.members += "," + member("pollIntervalMs", print_count(view->poll_interval));
    }
    seen.gist = std::string(word_for(view->status)) + " " + view->status_message;
    if (view->status == TaskStatus::input_required) {
      const std::string requests = jsonrpc::print(requests_json(*view));
      seen.members += "," + member("inputRequests", requests);
      seen.gist += requests;
    } else if (view->status == TaskStatus::completed) {
      seen.members += "," + member("result", shape_.project(view->result));
    } else if (view->status == TaskStatus::failed) {
      const Json error = {{"code", view->error_code}, {"message", view->error_message}};
      seen.members += "," + member("error", jsonrpc::print(error));
    }
    return seen;
  });
}

Reply TaskMethods::get(const jsonrpc::Id& id, const KnownTask& task, const Caller& caller,
                       const std::stop_token& stop) const {
  const auto seen = look(task, caller, stop);
  if (!seen) return refuse(id, seen.error());
  return result_reply(
      id, R"({"resultType":"complete",)" + seen->members + "," + member("_meta", meta_text_) + "}");
}

Reply TaskMethods::acknowledge(const jsonrpc::Id& id, const KnownTask& task,
                               const std::function<std::optional<TaskAck>()>& act) const {
  const auto ack = guarded(task, act);
  if (!ack) return refuse(id, ack.error());
  Json meta = shape_.meta;
  if (ack->meta.is_object()) meta.update(ack->meta);
  return result_reply(id,
                      R"({"resultType":"complete",)" + member("_meta", jsonrpc::print(meta)) + "}");
}

}  // namespace motion_mcp::mcp
