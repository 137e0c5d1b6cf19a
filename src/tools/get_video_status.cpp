#include "jobs/job_view.h"
#include "tools/brief_check.h"
#include "tools/error_result.h"
#include "tools/tool_table.h"
#include "tools/video_result.h"

namespace motion_mcp::tools {
namespace {

constexpr std::string_view kName = "get_video_status";

Result<mcp::ToolResult> get_video_status(const Services& services, const mcp::ToolCall& call,
                                         const std::string& job_id) {
  const jobs::JobView view = TRY(jobs::read_job(services.motion, services.baselines, services.clock,
                                                call.caller.credential, job_id, call.stop));
  return job_result(view);
}

std::optional<mcp::ToolResult> check(const Json& arguments) {
  return refusal(kName, check_job_id(job_id_of(arguments)));
}

}  // namespace

mcp::ToolCode make_get_video_status(const Services& services) {
  const auto run = [services](const mcp::ToolCall& call) {
    const std::string job_id = job_id_of(call.arguments);
    return result_or_error(kName, get_video_status(services, call, job_id), job_id);
  };
  return {run, check};
}

}  // namespace motion_mcp::tools
