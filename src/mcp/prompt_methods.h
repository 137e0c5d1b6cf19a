#pragma once

#include <optional>

#include "jsonrpc/message.h"
#include "mcp/era_rules.h"
#include "mcp/prompt_registry.h"
#include "mcp/server.h"

namespace motion_mcp::mcp {

// prompts/list and prompts/get, for either era. Nullopt for another method, and for both when the
// server has no prompts. An unknown prompt and a missing argument are JSON-RPC errors at once,
// making one is work that is read-only.
std::optional<Step> serve_prompts(const PromptRegistry& prompts, jsonrpc::Request& request,
                                  const Caller& caller, const EraRules& rules);

}  // namespace motion_mcp::mcp
