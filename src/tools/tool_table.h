#pragma once

// The table of tools. A tool is schemas/<toolset>/<name>.json, the whole tools/list entry, and
// src/tools/<name>.cpp, which defines `mcp::ToolHandler make_<name>(const Services&)` in namespace
// motion_mcp::tools; cmake/tools.cmake pairs the two and generates the table.

#include <chrono>
#include <span>
#include <string_view>

#include "base/clock.h"
#include "jobs/followup_baselines.h"
#include "jobs/watcher.h"
#include "mcp/tool.h"
#include "motion/client.h"

namespace motion_mcp::tools {

// What tools are made of. Everything referred to must outlive the handlers.
struct Services {
  const motion::Client& motion;
  jobs::FollowupBaselines& baselines;
  const base::Clock& clock;
  jobs::Watcher& watcher;
  std::chrono::seconds max_wait;  // the longest that a call may wait for a job; at least 1 s
};

struct Entry {
  std::string_view name;
  std::string_view toolset;     // the folder under schemas/
  std::string_view definition;  // the file, byte for byte: a JSON object
  bool read_only;               // annotations.readOnlyHint: neither spends nor writes
  // Cheap, and touches neither network nor disk. The handler is thread-safe.
  mcp::ToolHandler (*make)(const Services&);
};

// Every tool that was built in, sorted by name. Lives as long as the process.
std::span<const Entry> all_tools();

}  // namespace motion_mcp::tools
