#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "mcp/catalog.h"
#include "mcp/request_state.h"
#include "mcp/server.h"
#include "mcp/task_methods.h"

namespace motion_mcp::mcp {

// MCP 2026-07-28: every request states its version and capabilities, the server keeps nothing
// between requests.
class PerRequestEra {
 public:
  PerRequestEra(const ServerInfo& info, const Catalog& catalog, const RequestState& state,
                std::shared_ptr<const base::SealKeySource> seal_keys, const base::Clock& clock);
  PerRequestEra(const PerRequestEra&) = delete;
  PerRequestEra& operator=(const PerRequestEra&) = delete;

  Step serve(jsonrpc::Request request, const Connection& connection, const Caller& caller) const;

 private:
  Step call(jsonrpc::Request request, const std::optional<HeaderMirror>& headers,
            const Caller& caller) const;
  [[nodiscard]] RoundRules rounds_for(const Json& capabilities) const;
  Step discover(const jsonrpc::Request& request, const Caller& caller) const;
  Step list_tools(const jsonrpc::Request& request, const Caller& caller) const;
  [[nodiscard]] std::string project(const ToolResult& result) const;
  [[nodiscard]] std::string project_members(std::string_view members, const CacheHint* cache) const;
  [[nodiscard]] std::string project_input(const InputRequired& input,
                                          std::string_view sealed_state) const;

  const ServerInfo& info_;
  const Catalog& catalog_;
  const RequestState& state_;
  const Json meta_;  // of every result
  const std::string meta_text_;
  const base::Clock& clock_;
  const TaskMethods tasks_;
};

}  // namespace motion_mcp::mcp
