#include "mcp/tool_call.h"

#include <exception>
#include <memory>

#include "base/log.h"
#include "base/text.h"
#include "mcp/progress.h"

namespace motion_mcp::mcp {
namespace {

using jsonrpc::Code;

Reply refuse(const jsonrpc::Id& id, std::string_view why) {
  return {jsonrpc::print_error(id, Code::invalid_params, why, nullptr)};
}

ToolResult arguments_refused(const RegisteredTool& tool, const std::vector<std::string>& faults) {
  std::string text = tool.name + " was not run and nothing was spent: ";
  for (std::size_t i = 0; i < faults.size(); ++i) text += (i == 0 ? "" : "; ") + faults[i];
  text += ". Correct the arguments and call " + tool.name + " again.";
  ToolResult result;
  result.content.push_back(text_content(text));
  result.is_error = true;
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
  ProjectResult project;
};

// What `produce` returns, or the error that says it threw and what that means.
template <class Produce>
std::string guarded(const RegisteredTool& tool, const jsonrpc::Id& id, std::string_view outcome,
                    const Produce& produce) {
  try {
    return produce();
  } catch (const std::exception& fault) {
    base::log_error("tool " + tool.name + " failed: " + fault.what());
  } catch (...) {
    base::log_error("tool " + tool.name + " failed with an unknown exception");
  }
  return jsonrpc::print_error(id, Code::internal_error,
                              "Internal error in " + tool.name + ": " + std::string(outcome),
                              nullptr);
}

// The response that refuses the arguments at once, empty when they may run.
std::string refuse_arguments(const RegisteredTool& tool, const jsonrpc::Id& id,
                             const Json& arguments, const ProjectResult& project) {
  if (const auto faults = tool.input_schema.faults_in(arguments); !faults.empty()) {
    return jsonrpc::print_result(id, project(arguments_refused(tool, faults)));
  }
  if (!tool.code.check) return {};
  return guarded(tool, id, kNotRun, [&] {
    const auto refusal = tool.code.check(arguments);
    return refusal ? jsonrpc::print_result(id, project(*refusal)) : std::string();
  });
}

std::string run(const PendingCall& call, const RunContext& context) {
  const ProgressReporter progress(call.progress_token, context.notify);
  return guarded(call.tool, call.id, kOutcomeUnknown, [&] {
    const ToolCall tool_call{call.arguments, call.caller, progress.sink(), context.stop};
    return jsonrpc::print_result(call.id, call.project(call.tool.code.run(tool_call)));
  });
}

Json take(Json& object, const char* name) {
  const auto member = object.find(name);
  return member == object.end() ? Json() : std::move(*member);
}

}  // namespace

Step call_tool(const ToolRegistry& tools, jsonrpc::Request request, const Caller& caller,
               ProjectResult project) {
  const Json name = take(request.params, "name");
  if (!name.is_string()) return refuse(request.id, "tools/call needs a \"name\"");
  const RegisteredTool* tool = tools.find(name.get_ref<const std::string&>());
  if (tool == nullptr) {
    return refuse(request.id, "Unknown tool: " + base::clip(name.get<std::string>(), 64) +
                                  ". The tools are " + tools.names() + ".");
  }
  Json arguments = take(request.params, "arguments");
  if (arguments.is_null()) arguments = Json::object();
  if (auto refusal = refuse_arguments(*tool, request.id, arguments, project); !refusal.empty()) {
    return Reply{std::move(refusal)};
  }
  auto call = std::make_shared<const PendingCall>(
      PendingCall{*tool, request.id, std::move(arguments), take_progress_token(request.params),
                  caller, std::move(project)});
  return Work{std::move(request.id),
              [call](const RunContext& context) { return run(*call, context); },
              tool->is_read_only};
}

}  // namespace motion_mcp::mcp
