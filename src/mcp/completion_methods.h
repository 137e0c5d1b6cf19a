#pragma once

#include <optional>

#include "jsonrpc/message.h"
#include "mcp/era_rules.h"
#include "mcp/prompt_registry.h"
#include "mcp/resource_registry.h"
#include "mcp/server.h"

namespace motion_mcp::mcp {

// completion/complete for resource templates and prompts, for either era: read-only work. Nullopt
// for another method, and when the server has neither. What is unknown is a JSON-RPC error.
std::optional<Step> serve_completion(const ResourceRegistry& resources,
                                     const PromptRegistry& prompts, const jsonrpc::Request& request,
                                     const Caller& caller, const EraRules& rules);

}  // namespace motion_mcp::mcp
