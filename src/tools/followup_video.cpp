#include <algorithm>
#include <array>
#include <utility>

#include "tools/brief_check.h"
#include "tools/error_result.h"
#include "tools/job_words.h"
#include "tools/paid_order.h"
#include "tools/tool_table.h"
#include "tools/video_task.h"

namespace motion_mcp::tools {
namespace {

constexpr std::string_view kName = "followup_video";

Error not_sent(Error error) {
  error.message = "the followup was not sent, because the job could not be read: " + error.message;
  error.next_step +=
      (error.next_step.empty() ? "" : " ") + std::string("Then call followup_video again.");
  return error;
}

// The service refuses all but completed jobs (seed 001, "Create Followup"); what it would surely
// refuse is not sent. A word that is new to us may mean completed, so that one is left to it.
Result<void> check_takes_followup(const motion::Job& job, std::chrono::seconds max_wait) {
  constexpr std::array<std::string_view, 5> kNotCompleted = {"queued", "created", "running",
                                                             "awaiting_user_input", "failed"};
  if (std::find(kNotCompleted.begin(), kNotCompleted.end(), job.status) == kNotCompleted.end()) {
    return {};
  }
  std::string next_step =
      wait_step(job.job_id, max_wait) + " until ready is true, then call followup_video again.";
  if (job.status == "failed") {
    next_step =
        "A failed job takes no followup; create_video would start a new paid one, so ask the "
        "user first.";
  } else if (job.status == "awaiting_user_input" && job.pending_user_input) {
    next_step =
        "Ask the user to answer the job at https://motion.so; once it is completed call "
        "followup_video again.";
  }
  return Error{
      ErrorKind::conflict,
      "the followup was not sent, because it needs a completed job and this one's status is " +
          job.status,
      std::move(next_step)};
}

Result<void> check_arguments(const Json& arguments) {
  TRY(check_job_id(job_id_of(arguments)));
  return check_brief(motion::brief_from_json(arguments));
}

Result<mcp::ToolResult> followup_video(const Services& services, const mcp::ToolCall& call,
                                       const std::string& job_id) {
  const motion::VideoBrief brief = motion::brief_from_json(call.arguments);
  const std::string& key = call.caller.credential;
  jobs::PaidOrder order = TRY(paid_order(services.motion, "followup_video", call, brief));
  const std::string owner = order.order.owner;
  motion::FollowupBaseline baseline;
  std::optional<jobs::Followup> followup;
  order.prepare = [&](jobs::NewOrder& written) -> Result<void> {
    Result<motion::Job> before = services.motion.get(key, job_id, call.stop);
    if (!before) return not_sent(std::move(before).error());
    TRY(check_takes_followup(*before, services.max_wait));
    baseline = motion::baseline_of(*before);
    written.baseline = baseline;
    return {};
  };
  order.send = [&] {
    const base::WallTime sent_at = services.clock.wall();
    Result<motion::Started> started =
        services.motion.followup(key, job_id, brief, call.stop, call.ending);
    // A followup that may have been taken counts too: better the new video late than the old one
    // as new.
    if (started || started.error().spent == Spent::unknown) {
      followup = jobs::Followup{baseline, sent_at, started.has_value()};
      services.baselines.remember(owner, job_id, *followup);
    }
    return started;
  };
  return place_order(
      services, call, std::move(order),
      "The revision is ordered; until it is done, output may show the video from before it.",
      [&](const jobs::Placed& placed) {
        // When nothing was sent now, the same arguments sent it before.
        if (!followup) followup = services.baselines.last(owner, job_id);
        return VideoTask{job_id, followup, placed.ordered_before};
      });
}

std::optional<mcp::ToolResult> check(const Json& arguments) {
  return refusal(kName, check_arguments(arguments), job_id_of(arguments));
}

}  // namespace

mcp::ToolCode make_followup_video(const Services& services) {
  const auto run = [services](const mcp::ToolCall& call) {
    const std::string job_id = job_id_of(call.arguments);
    return result_or_error(kName, followup_video(services, call, job_id), job_id);
  };
  return {run, check, make_video_tasks(kName, services)};
}

}  // namespace motion_mcp::tools
