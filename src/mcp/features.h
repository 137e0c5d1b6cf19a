#pragma once

#include <memory>
#include <vector>

#include "mcp/app.h"
#include "mcp/changes.h"
#include "mcp/prompt.h"
#include "mcp/resource.h"
#include "mcp/tool.h"

namespace motion_mcp::mcp {

// What a server offers. Without resources or prompts it has neither the capability nor the methods
// of that kind; tools it always has, if none. Each is listed in the given order.
struct Features {
  std::vector<Tool> tools = {};
  Resources resources = {};
  std::vector<App> apps = {};  // read as resources, listed after those
  std::vector<Prompt> prompts = {};
  // Tools may tell their clients what they do (ToolCall::log).
  bool has_logging = false;
  // Where the program announces what changed; null when nothing ever does.
  std::shared_ptr<Changes> changes = nullptr;
};

}  // namespace motion_mcp::mcp
