#pragma once

#include <optional>

#include "jsonrpc/message.h"
#include "mcp/era_rules.h"
#include "mcp/resource_registry.h"
#include "mcp/server.h"

namespace motion_mcp::mcp {

// resources/list, resources/templates/list and resources/read, for either era. Nullopt for another
// method, and for all of them when the server has no resources. Lists and refusals are answered at
// once; reading is work that is read-only. An unknown URI is a JSON-RPC error with `data.uri`.
std::optional<Step> serve_resources(const ResourceRegistry& resources, jsonrpc::Request& request,
                                    const Caller& caller, const EraRules& rules);

}  // namespace motion_mcp::mcp
