#include "mcp/tool_call.h"

#include <exception>
#include <memory>

#include "base/json_value.h"
#include "base/log.h"
#include "base/owner.h"
#include "base/result.h"
#include "base/text.h"
#include "mcp/progress.h"
#include "mcp/task.h"
#include "mcp/task_methods.h"

namespace motion_mcp::mcp {
namespace {

using jsonrpc::Code;

Reply refuse(const jsonrpc::Id& id, std::string_view why) {
  return error_reply(id, Code::invalid_params, why);
}

ToolResult arguments_refused(const RegisteredTool& tool, const std::vector<std::string>& faults) {
  std::string text = tool.name + " was not run and nothing was spent: ";
  for (std::size_t i = 0; i < faults.size(); ++i) text += (i == 0 ? "" : "; ") + faults[i];
  text += ". Correct the arguments and call " + tool.name + " again.";
  ToolResult result;
  result.content.push_back(text_content(text));
  result.is_error = true;
  Json::object_t facts;  // a braced list would copy each of them
  facts.reserve(2);
  facts.emplace_back("kind", to_string(ErrorKind::invalid_argument));
  facts.emplace_back("spent", "no");
  result.meta.emplace(kErrorMeta, std::move(facts));
  return result;
}

constexpr std::string_view kNotRun = "it was not run and nothing was spent.";
constexpr std::string_view kOutcomeUnknown =
    "whether it took effect is unknown. Do not repeat a call that spends money before its outcome "
    "is known.";

// What a call keeps until it has run. Shared, because std::function wants to be copyable.
struct PendingCall {
  const RegisteredTool& tool;
  jsonrpc::Id id;
  Json arguments;
  Json progress_token;
  Caller caller;
  CallRules rules;
  InputAnswers input;
  bool takes_task;
};

// What `produce` returns, or the error that says it threw and what that means.
template <class Produce>
Reply guarded(const RegisteredTool& tool, const jsonrpc::Id& id, std::string_view outcome,
              const Produce& produce) {
  try {
    return produce();
  } catch (const std::exception& fault) {
    base::log_error("tool " + tool.name + " failed: " + fault.what());
  } catch (...) {
    base::log_error("tool " + tool.name + " failed with an unknown exception");
  }
  return error_reply(id, Code::internal_error,
                     "Internal error in " + tool.name + ": " + std::string(outcome));
}

Reply reply_with(const jsonrpc::Id& id, const CallRules& rules, const ToolResult& result) {
  return result_reply(id, rules.project(result),
                      result.is_error ? Outcome::tool_error : Outcome::ok);
}

// The reply that refuses the arguments at once; nullopt when they may run.
std::optional<Reply> refuse_arguments(const RegisteredTool& tool, const jsonrpc::Id& id,
                                      const Json& arguments, const CallRules& rules) {
  if (const auto faults = tool.input_schema.faults_in(arguments); !faults.empty()) {
    return reply_with(id, rules, arguments_refused(tool, faults));
  }
  if (!tool.code.check) return std::nullopt;
  std::optional<ToolResult> refusal;
  Reply reply = guarded(tool, id, kNotRun, [&] {
    refusal = tool.code.check(arguments);
    return refusal ? reply_with(id, rules, *refusal) : Reply{};
  });
  return reply.text.empty() ? std::nullopt : std::optional(std::move(reply));
}

// What the next round of a call must repeat: the caller, the tool and the arguments, whose members
// may come in another order.
std::string binding_of(const Caller& caller, const RegisteredTool& tool, const Json& arguments) {
  const nlohmann::json sorted(arguments);
  return base::owner_id(caller.key(tool.credential)) + "\n" + tool.name + "\n" +
         sorted.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The answer to a call that has run to its end.
Reply answer(const PendingCall& call, const ToolResult& result) {
  if (result.task && call.takes_task && !result.is_error) {
    const auto task = call.rules.project_task(call.tool, *result.task, call.caller);
    if (task) return result_reply(call.id, *task);
  }
  return reply_with(call.id, call.rules, result);
}

Reply run(const PendingCall& call, const RunContext& context) {
  const ProgressReporter progress(call.progress_token, context.notify);
  const LogReporter log(call.rules.log_level, context.notify);
  const auto binding = [&] { return binding_of(call.caller, call.tool, call.arguments); };
  return guarded(call.tool, call.id, kOutcomeUnknown, [&] {
    Rounds rounds(call.rules.rounds, call.id, call.tool.name, binding, call.input);
    for (;;) {
      const ToolCall tool_call{call.arguments,        call.caller,    progress.sink(), context.stop,
                               rounds.capabilities(), rounds.input(), call.takes_task, log.sink(),
                               context.suspend,       context.ending};
      const ToolResult result = call.tool.code.run(tool_call);
      if (!result.input_required) return answer(call, result);
      if (auto reply = rounds.ask(*result.input_required, context)) return *std::move(reply);
    }
  });
}

Json take(Json& object, const char* name) {
  const auto member = object.find(name);
  return member == object.end() ? Json() : std::move(*member);
}

}  // namespace

Step call_tool(const ToolRegistry& tools, jsonrpc::Request request, const Caller& caller,
               CallRules rules) {
  const Json name = take(request.params, "name");
  if (!name.is_string()) return refuse(request.id, "tools/call needs a \"name\"");
  const RegisteredTool* tool = tools.find(name.get_ref<const std::string&>(), caller);
  if (tool == nullptr) {
    return refuse(request.id, "Unknown tool: " + base::clip(name.get<std::string>(), 64) +
                                  ". The tools are " + tools.names(caller) + ".");
  }
  const TaskCode* tasks = tool->code.tasks.get();
  const bool needs_task = tasks != nullptr && tasks->is_only_answer;
  const bool takes_task = tasks != nullptr && rules.project_task != nullptr &&
                          (needs_task || !rules.prefers_plain_answer);
  if (needs_task && !takes_task) return refuse_without_tasks(request.id, tool->name);
  Json arguments = take(request.params, "arguments");
  if (arguments.is_null()) arguments = Json::object();
  if (auto refusal = refuse_arguments(*tool, request.id, arguments, rules)) {
    return *std::move(refusal);
  }
  auto input = take_input(request.params, rules.rounds,
                          [&] { return binding_of(caller, *tool, arguments); });
  if (!input) return refuse(request.id, input.error().message);
  auto call = std::make_shared<const PendingCall>(
      PendingCall{*tool, request.id, std::move(arguments), take_progress_token(request.params),
                  caller, std::move(rules), *std::move(input), takes_task});
  return Work{std::move(request.id),
              [call](const RunContext& context) { return run(*call, context); },
              tool->is_read_only};
}

}  // namespace motion_mcp::mcp
