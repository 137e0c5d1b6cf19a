#include "tools/brief_check.h"
#include "tools/error_result.h"
#include "tools/paid_order.h"
#include "tools/tool_table.h"
#include "tools/video_result.h"

namespace motion_mcp::tools {
namespace {

constexpr std::string_view kName = "create_video";

Result<mcp::ToolResult> create_video(const Services& services, const mcp::ToolCall& call) {
  const motion::VideoBrief brief = motion::brief_from_json(call.arguments);
  jobs::PaidOrder order = TRY(paid_order(kName, call, brief));
  order.send = [&] { return services.motion.create(call.caller.credential, brief, call.stop); };
  const jobs::Placed placed = TRY(services.guard.place(order, call.stop));
  return started_result(placed.started,
                        placed_message(placed, "The video is ordered; it takes minutes."));
}

std::optional<mcp::ToolResult> check(const Json& arguments) {
  return refusal(kName, check_brief(motion::brief_from_json(arguments)));
}

}  // namespace

mcp::ToolCode make_create_video(const Services& services) {
  const auto run = [services](const mcp::ToolCall& call) {
    return result_or_error(kName, create_video(services, call));
  };
  return {run, check};
}

}  // namespace motion_mcp::tools
