#pragma once

// The list of an owner's jobs as the tool list_videos and the resource motion://jobs tell it.

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "jobs/job_list.h"
#include "mcp/tool.h"
#include "tools/tool_table.h"

namespace motion_mcp::tools {

struct ListedVideo {
  jobs::ListedJob job;
  std::string note;  // what is unusual about it; empty for nothing
};

struct VideoList {
  std::vector<ListedVideo> videos;
  std::optional<jobs::ListCursor> next;
  jobs::JobQuery query;  // what was asked
};

// The history, for who has a key. no_credential without one, conflict when no history is kept,
// unavailable when it cannot be read, each with what to do. Where the file is, is for the log
// alone: callers may be strangers to the machine.
Result<jobs::Ledger*> find_history(const Services& services, std::string_view api_key);
Error history_unreadable();

// With `refresh`, the jobs on the page whose end was not seen are read again first (read_jobs.h): a
// read that fails is a note, a refused key an error.
Result<VideoList> read_video_list(const Services& services, std::string_view api_key,
                                  const jobs::JobQuery& query, bool refresh,
                                  const std::stop_token& stop);

// The list as structuredContent, and the same facts as text, about 150 bytes for each video.
mcp::ToolResult list_result(const VideoList& list);

}  // namespace motion_mcp::tools
