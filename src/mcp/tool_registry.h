#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "mcp/schema.h"
#include "mcp/tool.h"

namespace motion_mcp::mcp {

// An argument that a request repeats in a header (`x-mcp-header` in the schema; MCP 2026-07-28
// "Custom Headers from Tool Parameters").
struct MirroredArgument {
  Json::json_pointer where;
  std::string header;  // its whole name
};

struct RegisteredTool {
  std::string name;
  Json definition;
  Schema input_schema;  // refers to `definition`
  ToolCode code;
  bool is_read_only;  // annotations.readOnlyHint
  std::vector<MirroredArgument> mirrored;

  RegisteredTool(Json parsed, ToolCode its_code);
  RegisteredTool(const RegisteredTool&) = delete;
  RegisteredTool& operator=(const RegisteredTool&) = delete;
};

// The tools of a server, in the order of their registration. Thread-safe after construction.
class ToolRegistry {
 public:
  explicit ToolRegistry(std::vector<Tool> tools);

  [[nodiscard]] const RegisteredTool* find(std::string_view name) const;
  // "a, b, c": for the message that a name is unknown.
  [[nodiscard]] std::string names() const;
  // The JSON array of definitions, on one line: made once, because hosts ask for it at every start.
  [[nodiscard]] const std::string& listing() const { return listing_; }
  // Whether a tool may start tasks.
  [[nodiscard]] bool has_tasks() const { return has_tasks_; }

 private:
  using RegisteredTools = std::vector<std::unique_ptr<const RegisteredTool>>;
  // Read at the first call, because most processes never serve one.
  const RegisteredTools& registered() const;

  std::string listing_;
  bool has_tasks_ = false;
  mutable std::once_flag once_;
  mutable std::vector<Tool> given_;  // until then
  mutable RegisteredTools registered_;
};

}  // namespace motion_mcp::mcp
