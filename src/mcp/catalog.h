#pragma once

#include <memory>
#include <optional>

#include "jsonrpc/message.h"
#include "mcp/era_rules.h"
#include "mcp/features.h"
#include "mcp/prompt_registry.h"
#include "mcp/resource_registry.h"
#include "mcp/server.h"
#include "mcp/tool_registry.h"

namespace motion_mcp::mcp {

// The features of a server, as both eras serve them. Thread-safe after construction.
struct Catalog {
  explicit Catalog(Features features);

  const ToolRegistry tools;
  const bool has_apps;
  const ResourceRegistry resources;
  const PromptRegistry prompts;
  const bool has_logging;
  const std::shared_ptr<Changes> changes;

  // The capabilities that are declared to a client of `version`. `tells_changes`: there is a way
  // to tell it of them.
  [[nodiscard]] Json capabilities(Version version, bool tells_changes) const;

  // What concerns resources, prompts and completion, for either era; nullopt for another method.
  [[nodiscard]] std::optional<Step> serve(jsonrpc::Request& request, const Caller& caller,
                                          const EraRules& rules) const;
};

}  // namespace motion_mcp::mcp
