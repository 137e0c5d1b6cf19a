#pragma once

// The table of tools. A tool is schemas/<toolset>/<name>.json, the whole tools/list entry, and
// src/tools/<name>.cpp, which defines `mcp::ToolCode make_<name>(const Services&)` in namespace
// motion_mcp::tools; cmake/tools.cmake pairs the two and generates the table.

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "download/download.h"
#include "jobs/agent_book.h"
#include "jobs/followup_baselines.h"
#include "jobs/ledger.h"
#include "jobs/one_at_a_time.h"
#include "jobs/spend_guard.h"
#include "jobs/watcher.h"
#include "mcp/tool.h"
#include "mosaic/client.h"
#include "motion/client.h"
#include "motioness/client.h"
#include "net/http_client.h"
#include "tools/approval.h"
#include "tools/credentials.h"

namespace motion_mcp::tools {

// For the tools that are local (Entry::is_local); a server without those has no use for it.
struct Downloads {
  net::HttpClient* http = nullptr;
  jobs::Ledger* ledger = nullptr;  // knows prompts; null for none
  std::string folder = {};         // absolute, made at first use; empty when none is known
  std::uint64_t max_bytes = download::kDefaultMaxBytes;
};

// What the toolset mosaic is made of. Everything referred to must outlive the handlers.
struct MosaicServices {
  const mosaic::Client& client;
  jobs::SpendGuard& guard;
  jobs::ClipWatcher& watcher;
  jobs::AgentBook& agents;
  jobs::Ledger& ledger;
  jobs::OneAtATime& turns;  // of starts, by agent
};

// What the toolset motioness is made of. Everything referred to must outlive the handlers.
struct MotionessServices {
  const motioness::Client& client;
  jobs::SpendGuard& guard;
  std::string base_url;  // without a slash at its end
  // What URLs are signed with; empty: they are not, as for callers from elsewhere.
  std::string signing_secret = {};
  std::optional<Error> secret_problem = {};  // why the one that was set cannot be one
};

// What tools are made of. Everything referred to must outlive the handlers.
struct Services {
  const motion::Client& motion;
  jobs::FollowupBaselines& baselines;
  const base::Clock& clock;
  jobs::SpendGuard& guard;
  jobs::Watcher& watcher;
  const Approvals& approvals;
  std::chrono::seconds max_wait;    // the longest that a call may wait for a job; at least 1 s
  jobs::Ledger* history = nullptr;  // for looking into it; null when none is kept
  Downloads downloads = {};
  const MosaicServices* mosaic = nullptr;        // null on a server without that toolset
  const MotionessServices* motioness = nullptr;  // null on a server without that toolset
};

struct Entry {
  std::string_view name;
  std::string_view toolset;     // the folder under schemas/
  std::string_view definition;  // the file, byte for byte: a JSON object
  bool read_only;               // annotations.readOnlyHint: neither spends nor writes
  // `_meta["motion-mcp/local"]`: it works on files of the machine that it runs on, and so is for a
  // client on that machine alone.
  bool is_local;
  // Cheap, and touches neither network nor disk. What it returns is thread-safe.
  mcp::ToolCode (*make)(const Services&);
};

// Every tool that was built in, sorted by name. Lives as long as the process.
std::span<const Entry> all_tools();

}  // namespace motion_mcp::tools
