#pragma once

#include <cstddef>
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
  std::string credential;  // as in Tool

  RegisteredTool(Json parsed, Tool tool);
  RegisteredTool(const RegisteredTool&) = delete;
  RegisteredTool& operator=(const RegisteredTool&) = delete;
};

// The tools of a server, in the order of their registration. Thread-safe after construction.
class ToolRegistry {
 public:
  explicit ToolRegistry(std::vector<Tool> tools);

  // A tool of this name, whoever may call it.
  [[nodiscard]] const RegisteredTool* find(std::string_view name) const;
  // The same, when this caller may.
  [[nodiscard]] const RegisteredTool* find(std::string_view name, const Caller& caller) const;
  // "a, b, c", those of the caller: for the message that a name is unknown.
  [[nodiscard]] std::string names(const Caller& caller) const;
  // The JSON array of the caller's definitions, on one line: made once for each set of credentials,
  // because hosts ask for it at every start.
  [[nodiscard]] const std::string& listing(const Caller& caller) const;
  // The same without their outputSchema, for versions without structured content: a client that is
  // shown one refuses the answer that does not follow it. Made when it is first asked for.
  [[nodiscard]] const std::string& listing_without_output(const Caller& caller) const;
  // Whether the caller sees tools that others do not.
  [[nodiscard]] bool has_own_listing(const Caller& caller) const {
    return credentials_of(caller) != 0;
  }
  // Whether a tool may start tasks.
  [[nodiscard]] bool has_tasks() const { return has_tasks_; }

 private:
  using RegisteredTools = std::vector<std::unique_ptr<const RegisteredTool>>;
  // Read at the first call, because most processes never serve one.
  const RegisteredTools& registered() const;
  struct Listed {
    std::string_view definition;
    std::string_view credential;
  };
  // By credentials_of.
  [[nodiscard]] std::vector<std::string> listings_of(const std::vector<Listed>& tools) const;
  // Which of `credentials_` the caller has, as bits.
  [[nodiscard]] std::size_t credentials_of(const Caller& caller) const;

  std::vector<std::string> credentials_;  // that tools ask for
  std::vector<std::string> listings_;     // by credentials_of
  bool has_tasks_ = false;
  mutable std::once_flag once_;
  mutable std::vector<Tool> given_;  // until then
  mutable RegisteredTools registered_;
  mutable std::once_flag once_without_output_;
  mutable std::vector<std::string> listings_without_output_;  // as listings_
};

}  // namespace motion_mcp::mcp
