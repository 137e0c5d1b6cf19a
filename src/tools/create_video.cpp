#include "tools/brief_check.h"
#include "tools/error_result.h"
#include "tools/tool_table.h"
#include "tools/video_result.h"

namespace motion_mcp::tools {
namespace {

Result<mcp::ToolResult> create_video(const Services& services, const mcp::ToolCall& call) {
  const motion::VideoBrief brief = motion::brief_from_json(call.arguments);
  TRY(check_brief(brief));
  const motion::Started started =
      TRY(services.motion.create(call.caller.credential, brief, call.stop));
  return started_result(started, "The video is ordered; it takes minutes.", services.max_wait);
}

}  // namespace

mcp::ToolHandler make_create_video(const Services& services) {
  return [services](const mcp::ToolCall& call) {
    return result_or_error("create_video", create_video(services, call));
  };
}

}  // namespace motion_mcp::tools
