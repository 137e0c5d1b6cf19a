#pragma once

// Requests as the official clients send them: @modelcontextprotocol/sdk 1.32.2 for 2025-11-25 and
// client 2.4.0 for 2026-07-28, on Node 22.

#include <string>
#include <string_view>

#include "bench/http_load.h"

namespace motion_mcp::bench {

struct Speaker {
  bool is_modern = false;  // 2026-07-28
  std::string authority;
  std::string path;
  std::string bearer;
  std::string session;
};

Ask initialize(const Speaker& speaker);
Ask initialized(const Speaker& speaker);
Ask list_tools(const Speaker& speaker);
// `arguments` is a JSON object; `meta` are further members of _meta, such as "progressToken".
Ask call_status_tool(const Speaker& speaker, std::string_view arguments,
                     std::string_view meta = {});

// Straight to the Motion API.
Ask create_job(const Speaker& speaker, std::string_view prompt);
Ask get_reads(const std::string& authority);
Ask get_job(const Speaker& speaker, std::string_view job_id);

}  // namespace motion_mcp::bench
