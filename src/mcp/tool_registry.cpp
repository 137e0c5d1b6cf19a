#include "mcp/tool_registry.h"

#include <algorithm>
#include <cstdlib>

#include "base/log.h"
#include "jsonrpc/message.h"

namespace motion_mcp::mcp {
namespace {

Json parse_definition(std::string_view text) {
  auto parsed = jsonrpc::parse_json(text);
  if (!parsed || !parsed->is_object() || !parsed->contains("name") ||
      !parsed->contains("inputSchema")) {
    base::log_error("a tool definition is not an object with a name and an inputSchema");
    std::abort();
  }
  return *std::move(parsed);
}

bool read_only_hint(const Json& definition) {
  const auto annotations = definition.find("annotations");
  return annotations != definition.end() && annotations->value("readOnlyHint", false);
}

}  // namespace

RegisteredTool::RegisteredTool(Json parsed, ToolCode its_code)
    : name(parsed.at("name").get<std::string>()),
      definition(std::move(parsed)),
      input_schema(definition.at("inputSchema")),
      code(std::move(its_code)),
      is_read_only(read_only_hint(definition)) {}

ToolRegistry::ToolRegistry(std::vector<Tool> tools) : given_(std::move(tools)) {
  for (const Tool& tool : given_) {
    listing_ += listing_.empty() ? '[' : ',';
    listing_ += jsonrpc::compact(tool.definition);
    has_tasks_ = has_tasks_ || tool.code.tasks != nullptr;
  }
  listing_ += listing_.empty() ? "[]" : "]";
}

const ToolRegistry::RegisteredTools& ToolRegistry::registered() const {
  std::call_once(once_, [this] {
    for (Tool& tool : given_) {
      registered_.push_back(std::make_unique<const RegisteredTool>(
          parse_definition(tool.definition), std::move(tool.code)));
    }
    given_.clear();
  });
  return registered_;
}

const RegisteredTool* ToolRegistry::find(std::string_view name) const {
  const RegisteredTools& tools = registered();
  const auto found = std::find_if(tools.begin(), tools.end(),
                                  [&](const auto& tool) { return tool->name == name; });
  return found == tools.end() ? nullptr : found->get();
}

std::string ToolRegistry::names() const {
  std::string text;
  for (const auto& tool : registered()) text += (text.empty() ? "" : ", ") + tool->name;
  return text;
}

}  // namespace motion_mcp::mcp
