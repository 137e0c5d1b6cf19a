#include "app/tool_definition.h"

#include "jsonrpc/message.h"
#include "tools/tool_table.h"

namespace motion_mcp::app {

std::optional<Json> tool_definition(std::string_view name) {
  for (const tools::Entry& tool : tools::all_tools()) {
    if (tool.name == name) return jsonrpc::parse_json(tool.definition);
  }
  return std::nullopt;
}

}  // namespace motion_mcp::app
