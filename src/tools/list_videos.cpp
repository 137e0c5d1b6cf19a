#include <optional>
#include <string>

#include "base/json_value.h"
#include "tools/error_result.h"
#include "tools/tool_table.h"
#include "tools/video_list.h"

namespace motion_mcp::tools {
namespace {

constexpr std::string_view kName = "list_videos";

Result<jobs::JobQuery> query_of(const Json& arguments) {
  jobs::JobQuery query;
  query.limit = arguments.value("limit", query.limit);
  query.standing = jobs::parse_standing(arguments.value("status", "all"));
  if (const auto cursor = arguments.find("cursor"); cursor != arguments.end()) {
    query.cursor = jobs::parse_cursor(cursor->get_ref<const std::string&>());
    if (!query.cursor) {
      return Error{ErrorKind::invalid_argument, "the cursor is not one that list_videos gave",
                   "Pass next_cursor as it was, or call list_videos without a cursor."};
    }
  }
  return query;
}

Result<mcp::ToolResult> list_videos(const Services& services, const mcp::ToolCall& call) {
  const jobs::JobQuery query = TRY(query_of(call.arguments));
  const bool refresh = call.arguments.value("refresh", false);
  return list_result(
      TRY(read_video_list(services, call.caller.credential, query, refresh, call.stop)));
}

std::optional<mcp::ToolResult> check(const Json& arguments) {
  const auto query = query_of(arguments);
  return refusal(kName, query ? Result<void>() : Result<void>(query.error()));
}

}  // namespace

mcp::ToolCode make_list_videos(const Services& services) {
  const auto run = [services](const mcp::ToolCall& call) {
    return result_or_error(kName, list_videos(services, call));
  };
  return {run, check};
}

}  // namespace motion_mcp::tools
