#include "jobs/job_view.h"
#include "tools/brief_check.h"
#include "tools/error_result.h"
#include "tools/tool_table.h"
#include "tools/video_result.h"

namespace motion_mcp::tools {
namespace {

Result<mcp::ToolResult> get_video_status(const Services& services, const mcp::ToolCall& call,
                                         const std::string& job_id) {
  TRY(check_job_id(job_id));
  const jobs::JobView view = TRY(jobs::read_job(services.motion, services.baselines, services.clock,
                                                call.caller.credential, job_id, call.stop));
  return job_result(view);
}

}  // namespace

mcp::ToolHandler make_get_video_status(const Services& services) {
  return [services](const mcp::ToolCall& call) {
    const std::string job_id = call.arguments.value("job_id", "");
    return result_or_error("get_video_status", get_video_status(services, call, job_id), job_id);
  };
}

}  // namespace motion_mcp::tools
