#include <chrono>
#include <string>

#include "jobs/job_view.h"
#include "jobs/wait.h"
#include "tools/brief_check.h"
#include "tools/error_result.h"
#include "tools/job_words.h"
#include "tools/tool_table.h"
#include "tools/video_result.h"
#include "tools/waiting.h"

namespace motion_mcp::tools {
namespace {

constexpr std::string_view kName = "get_video_status";

using std::chrono::milliseconds;
using std::chrono::seconds;

mcp::Progress progress_of(milliseconds waited, const jobs::JobView* view, seconds max_wait) {
  return waiting_progress(waited, view == nullptr ? "" : words_for(*view, max_wait).message);
}

Result<mcp::ToolResult> get_video_status(const Services& services, const mcp::ToolCall& call,
                                         const std::string& job_id) {
  const std::string& key = call.caller.credential;
  const seconds max_wait = services.max_wait;
  const Patience patience = patience_of(call.arguments, max_wait);
  if (patience.length == seconds(0)) {
    return job_result(TRY(jobs::read_job(services.motion, services.baselines, services.clock, key,
                                         job_id, call.stop)),
                      max_wait);
  }
  const jobs::WaitEnd end =
      TRY(jobs::wait_for_end(services.watcher, services.clock, key, job_id, patience.length,
                             call.stop, [&](milliseconds waited, const jobs::JobView* view) {
                               call.progress(progress_of(waited, view, max_wait));
                             }));
  return job_result(end.view, max_wait, {end.timed_out, patience.was_cut});
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
