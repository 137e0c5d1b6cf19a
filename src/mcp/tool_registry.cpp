#include "mcp/tool_registry.h"

#include <algorithm>
#include <deque>

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

bool is_visible(const std::string& credential, const Caller& caller) {
  return credential.empty() || !caller.key(credential).empty();
}

}  // namespace

RegisteredTool::RegisteredTool(Json parsed, Tool tool)
    : name(parsed.at("name").get<std::string>()),
      definition(std::move(parsed)),
      input_schema(definition.at("inputSchema")),
      code(std::move(tool.code)),
      is_read_only(read_only_hint(definition)),
      mirrored(mirrored_in(definition.at("inputSchema"))),
      credential(std::move(tool.credential)) {}

ToolRegistry::ToolRegistry(std::vector<Tool> tools) : given_(std::move(tools)) {
  for (const Tool& tool : given_) {
    if (tool.credential.empty()) continue;
    const auto known = std::find(credentials_.begin(), credentials_.end(), tool.credential);
    if (known == credentials_.end()) credentials_.push_back(tool.credential);
  }
  std::vector<Listed> listed;
  for (const Tool& tool : given_) listed.push_back({tool.definition, tool.credential});
  listings_ = listings_of(listed);
  has_tasks_ = std::any_of(given_.begin(), given_.end(),
                           [](const Tool& tool) { return tool.code.tasks != nullptr; });
}

// As many as there are kinds of callers, subsets of the credentials: few, for a credential is a
// service.
std::vector<std::string> ToolRegistry::listings_of(const std::vector<Listed>& tools) const {
  std::vector<std::string> listings;
  for (std::size_t held = 0; held < std::size_t{1} << credentials_.size(); ++held) {
    std::vector<Listed> shown;
    for (const Listed& tool : tools) {
      const auto needed = std::find(credentials_.begin(), credentials_.end(), tool.credential);
      const auto bit = static_cast<std::size_t>(needed - credentials_.begin());
      if (needed == credentials_.end() || (held >> bit & 1U) != 0) shown.push_back(tool);
    }
    listings.push_back(list_definitions(shown));
  }
  return listings;
}

const ToolRegistry::RegisteredTools& ToolRegistry::registered() const {
  std::call_once(once_, [this] {
    for (Tool& tool : given_) {
      registered_.push_back(std::make_unique<const RegisteredTool>(
          parse_definition(tool.definition, {"name", "inputSchema"}), std::move(tool)));
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

const RegisteredTool* ToolRegistry::find(std::string_view name, const Caller& caller) const {
  const RegisteredTool* tool = find(name);
  return tool != nullptr && is_visible(tool->credential, caller) ? tool : nullptr;
}

std::string ToolRegistry::names(const Caller& caller) const {
  std::string text;
  for (const auto& tool : registered()) {
    if (is_visible(tool->credential, caller)) text += (text.empty() ? "" : ", ") + tool->name;
  }
  return text;
}

const std::string& ToolRegistry::listing(const Caller& caller) const {
  return listings_[credentials_of(caller)];
}

const std::string& ToolRegistry::listing_without_output(const Caller& caller) const {
  std::call_once(once_without_output_, [this] {
    std::deque<std::string> definitions;
    std::vector<Listed> listed;
    for (const auto& tool : registered()) {
      Json definition = tool->definition;
      definition.erase("outputSchema");
      listed.push_back({definitions.emplace_back(jsonrpc::print(definition)), tool->credential});
    }
    listings_without_output_ = listings_of(listed);
  });
  return listings_without_output_[credentials_of(caller)];
}

std::size_t ToolRegistry::credentials_of(const Caller& caller) const {
  std::size_t held = 0;
  for (std::size_t i = 0; i < credentials_.size(); ++i) {
    if (!caller.key(credentials_[i]).empty()) held |= std::size_t{1} << i;
  }
  return held;
}

}  // namespace motion_mcp::mcp
