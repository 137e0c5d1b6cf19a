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

// What a call keeps until it has run. Shared, because std::function wants to be copyable.
struct PendingCall {
  const RegisteredTool& tool;
  jsonrpc::Id id;
  Json arguments;
  Json progress_token;
  Caller caller;
  ProjectResult project;
};

std::string run(const PendingCall& call, const RunContext& context) {
  const ProgressReporter progress(call.progress_token, context.notify);
  try {
    const ToolCall tool_call{call.arguments, call.caller, progress.sink(), context.stop};
    return jsonrpc::print_result(call.id, call.project(call.tool.run(tool_call)));
  } catch (const std::exception& fault) {
    base::log_error("tool " + call.tool.name + " failed: " + fault.what());
  } catch (...) {
    base::log_error("tool " + call.tool.name + " failed with an unknown exception");
  }
  return jsonrpc::print_error(call.id, Code::internal_error,
                              "Internal error in " + call.tool.name +
                                  ": whether it took effect is unknown. Do not repeat a call that "
                                  "spends money before its outcome is known.",
                              nullptr);
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
  if (const auto faults = tool->input_schema.faults_in(arguments); !faults.empty()) {
    return Reply{jsonrpc::print_result(request.id, project(arguments_refused(*tool, faults)))};
  }
  auto call = std::make_shared<const PendingCall>(
      PendingCall{*tool, request.id, std::move(arguments), take_progress_token(request.params),
                  caller, std::move(project)});
  return Work{std::move(request.id),
              [call](const RunContext& context) { return run(*call, context); },
              tool->is_read_only};
}

}  // namespace motion_mcp::mcp
