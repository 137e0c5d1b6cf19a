#include "mcp/tool_registry.h"

#include <algorithm>

#include "mcp/definition.h"

namespace motion_mcp::mcp {
namespace {

bool read_only_hint(const Json& definition) {
  const auto annotations = definition.find("annotations");
  return annotations != definition.end() && annotations->value("readOnlyHint", false);
}

// Through `properties` alone: what lies behind a condition or in an array has no header.
void find_mirrored(const Json& schema, const Json::json_pointer& at,
                   std::vector<MirroredArgument>& found) {
  const auto properties = schema.find("properties");
  if (properties == schema.end() || !properties->is_object()) return;
  for (const auto& [name, property] : properties->items()) {
    if (!property.is_object()) continue;
    const auto header = property.find("x-mcp-header");
    if (header != property.end() && header->is_string()) {
      found.push_back({at / name, "Mcp-Param-" + header->get<std::string>()});
    }
    find_mirrored(property, at / name, found);
  }
}

std::vector<MirroredArgument> mirrored_in(const Json& schema) {
  std::vector<MirroredArgument> found;
  find_mirrored(schema, Json::json_pointer(), found);
  return found;
}

}  // namespace

RegisteredTool::RegisteredTool(Json parsed, ToolCode its_code)
    : name(parsed.at("name").get<std::string>()),
      definition(std::move(parsed)),
      input_schema(definition.at("inputSchema")),
      code(std::move(its_code)),
      is_read_only(read_only_hint(definition)),
      mirrored(mirrored_in(definition.at("inputSchema"))) {}

ToolRegistry::ToolRegistry(std::vector<Tool> tools) : given_(std::move(tools)) {
  listing_ = list_definitions(given_);
  has_tasks_ = std::any_of(given_.begin(), given_.end(),
                           [](const Tool& tool) { return tool.code.tasks != nullptr; });
}

const ToolRegistry::RegisteredTools& ToolRegistry::registered() const {
  std::call_once(once_, [this] {
    for (Tool& tool : given_) {
      registered_.push_back(std::make_unique<const RegisteredTool>(
          parse_definition(tool.definition, {"name", "inputSchema"}), std::move(tool.code)));
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
