#pragma once

#include <span>
#include <string>
#include <vector>

#include "mcp/app.h"
#include "tools/tool_table.h"

namespace motion_mcp::tools {

// The card that hosts with MCP Apps draw for the video tools (docs/card.md):
// src/ui/video_card.html. It keeps itself fresh by refresh_video_card, so there is none when that
// is not enabled. `media_origins` are where the service's videos come from: it may play those and
// no others.
std::vector<mcp::App> make_video_card(std::span<const Entry> enabled,
                                      std::vector<std::string> media_origins);

}  // namespace motion_mcp::tools
