#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "mcp/tool.h"

namespace motion_mcp::tools {

// An isError result. Its text says what failed, whether money was spent, the job's id when there is
// one, and what to do. `_meta` has the same for programs under "motion-mcp/error": {kind, spent:
// "no" | "unknown", retry_after_seconds?, job_id?}. No structuredContent: some clients hold that
// against the outputSchema even in an error.
mcp::ToolResult error_result(std::string_view tool, const Error& error,
                             std::string_view job_id = {});

inline mcp::ToolResult result_or_error(std::string_view tool, Result<mcp::ToolResult> result,
                                       std::string_view job_id = {}) {
  return result ? *std::move(result) : error_result(tool, result.error(), job_id);
}

// What a tool's check answers: the refusal for what was found, nullopt when nothing was.
inline std::optional<mcp::ToolResult> refusal(std::string_view tool, const Result<void>& checked,
                                              std::string_view job_id = {}) {
  if (checked) return std::nullopt;
  return error_result(tool, checked.error(), job_id);
}

}  // namespace motion_mcp::tools
