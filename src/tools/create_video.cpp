#include <utility>

#include "tools/brief_check.h"
#include "tools/error_result.h"
#include "tools/paid_order.h"
#include "tools/tool_table.h"
#include "tools/video_task.h"

namespace motion_mcp::tools {
namespace {

constexpr std::string_view kName = "create_video";

Result<mcp::ToolResult> create_video(const Services& services, const mcp::ToolCall& call) {
  const motion::VideoBrief brief = motion::brief_from_json(call.arguments);
  jobs::PaidOrder order = TRY(paid_order(services.motion, kName, call, brief));
  order.send = [&] {
    return services.motion.create(call.caller.credential, brief, call.stop, call.ending);
  };
  return place_order(services, call, std::move(order), "The video is ordered; it takes minutes.",
                     [](const jobs::Placed& placed) {
                       return VideoTask{placed.started.job_id, std::nullopt, placed.ordered_before};
                     });
}

std::optional<mcp::ToolResult> check(const Json& arguments) {
  return refusal(kName, check_brief(motion::brief_from_json(arguments)));
}

}  // namespace

mcp::ToolCode make_create_video(const Services& services) {
  const auto run = [services](const mcp::ToolCall& call) {
    return result_or_error(kName, create_video(services, call));
  };
  return {run, check, make_video_tasks(kName, services)};
}

}  // namespace motion_mcp::tools
