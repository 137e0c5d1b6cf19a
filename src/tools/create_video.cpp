#include "tools/brief_check.h"
#include "tools/error_result.h"
#include "tools/paid_order.h"
#include "tools/tool_table.h"
#include "tools/video_result.h"

namespace motion_mcp::tools {
namespace {

Result<mcp::ToolResult> create_video(const Services& services, const mcp::ToolCall& call) {
  const motion::VideoBrief brief = motion::brief_from_json(call.arguments);
  TRY(check_brief(brief));
  jobs::PaidOrder order = TRY(paid_order("create_video", call, brief));
  order.send = [&] { return services.motion.create(call.caller.credential, brief, call.stop); };
  const jobs::Placed placed = TRY(services.guard.place(order, call.stop));
  return started_result(placed.started,
                        placed_message(placed, "The video is ordered; it takes minutes."));
}

}  // namespace

mcp::ToolHandler make_create_video(const Services& services) {
  return [services](const mcp::ToolCall& call) {
    return result_or_error("create_video", create_video(services, call));
  };
}

}  // namespace motion_mcp::tools
