#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "jsonrpc/message.h"
#include "mcp/resource.h"
#include "mcp/resource_registry.h"
#include "mcp/server.h"
#include "mcp/version.h"

namespace motion_mcp::mcp {

// How an era serves what has to do with resources.
struct ResourceRules {
  Version version;
  // The JSON text of a result with these members (JSON text without the braces). `cache` is null
  // for a result that clients may not keep.
  std::function<std::string(std::string_view members, const CacheHint* cache)> project;
};

// resources/list, resources/templates/list, resources/read and completion/complete, for either era.
// Nullopt for another method, and for all of them when the server has no resources. Lists and
// refusals are answered at once; reading and completing is work that is read-only. An unknown URI
// is a JSON-RPC error with `data.uri`.
std::optional<Step> serve_resources(const ResourceRegistry& resources, jsonrpc::Request& request,
                                    const Caller& caller, ResourceRules rules);

// Adds what a server with resources declares to its `capabilities`. No changes are announced, so
// neither subscriptions nor listChanged.
void declare_resources(const ResourceRegistry& resources, Version version, Json& capabilities);

}  // namespace motion_mcp::mcp
