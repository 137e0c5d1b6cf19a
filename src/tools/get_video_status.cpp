#include <chrono>
#include <string>

#include "jobs/job_view.h"
#include "jobs/wait.h"
#include "tools/brief_check.h"
#include "tools/error_result.h"
#include "tools/job_words.h"
#include "tools/tool_table.h"
#include "tools/video_result.h"

namespace motion_mcp::tools {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Patience {
  seconds length;
  bool was_cut;
};

// An integer of JSON need not fit into one of ours.
Patience patience_of(const Json& arguments, seconds max_wait) {
  const double wanted = arguments.value("wait_seconds", 0.0);
  if (wanted > static_cast<double>(max_wait.count())) return {max_wait, true};
  return {seconds(static_cast<seconds::rep>(wanted)), false};
}

mcp::Progress progress_of(milliseconds waited, const jobs::JobView* view, seconds max_wait) {
  mcp::Progress progress;
  progress.progress = std::chrono::duration<double>(waited).count();
  progress.message =
      view == nullptr ? "The service has not answered yet." : words_for(*view, max_wait).message;
  progress.message +=
      " Waited " + std::to_string(std::chrono::duration_cast<seconds>(waited).count()) + " s.";
  return progress;
}

Result<mcp::ToolResult> get_video_status(const Services& services, const mcp::ToolCall& call,
                                         const std::string& job_id) {
  TRY(check_job_id(job_id));
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

}  // namespace

mcp::ToolHandler make_get_video_status(const Services& services) {
  return [services](const mcp::ToolCall& call) {
    const std::string job_id = call.arguments.value("job_id", "");
    return result_or_error("get_video_status", get_video_status(services, call, job_id), job_id);
  };
}

}  // namespace motion_mcp::tools
