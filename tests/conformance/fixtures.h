#pragma once

// What the official conformance suite (@modelcontextprotocol/conformance, its SDK_INTEGRATION.md)
// wants a server under test to have: ordinary registrations with the `mcp` library.

#include <memory>
#include <vector>

#include "mcp/features.h"

namespace motion_mcp::conformance {

// Content, errors, progress, logging, list changes, resumable streams.
std::vector<mcp::Tool> plain_tools(const std::shared_ptr<mcp::Changes>& changes);
// Sampling, elicitation and roots, in one round or more.
std::vector<mcp::Tool> asking_tools();
// The extension io.modelcontextprotocol/tasks.
std::vector<mcp::Tool> task_tools();
mcp::Resources resources();
std::vector<mcp::Prompt> prompts();

}  // namespace motion_mcp::conformance
