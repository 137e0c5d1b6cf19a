#include "tools/paid_order.h"

#include "base/json_value.h"
#include "base/owner.h"
#include "jobs/guard_words.h"
#include "motion/errors.h"
#include "tools/video_result.h"

namespace motion_mcp::tools {

std::string placed_message(const jobs::Placed& placed, std::string_view message,
                           std::string_view id_name) {
  if (placed.ordered_before) {
    return "The same arguments were sent " + jobs::in_words(*placed.ordered_before) +
           " ago and started this job, so nothing was sent now and nothing was spent. "
           "allow_duplicate=true would order another.";
  }
  std::string text(message);
  if (!placed.is_in_ledger) {
    text += " Keep the " + std::string(id_name) +
            ": the history on the server's disk cannot be written now, so it is not "
            "there, and only this process knows not to order it twice.";
  }
  return text;
}

Result<jobs::PaidOrder> paid_order(const motion::Client& motion, std::string_view tool,
                                   const mcp::ToolCall& call, const motion::VideoBrief& brief) {
  TRY(motion.check_key(call.caller.credential));
  jobs::PaidOrder paid;
  paid.order.owner = base::owner_id(call.caller.credential);
  paid.order.tool = tool;
  paid.order.digest = jobs::order_digest(tool, call.arguments);
  paid.order.prompt = brief.prompt;
  paid.order.job_id = call.arguments.value("job_id", "");
  paid.allow_duplicate = call.arguments.value("allow_duplicate", false);
  return paid;
}

Result<mcp::ToolResult> place_order(const Services& services, const mcp::ToolCall& call,
                                    jobs::PaidOrder order, std::string_view message,
                                    const std::function<VideoTask(const jobs::Placed&)>& task_of) {
  Priced priced;
  if (!order.order.job_id.empty()) priced.what = "a revision of the video from Motion";
  return place_approved(services.approvals, services.guard, call, std::move(order), priced,
                        [&](const jobs::Placed& placed) {
                          const std::string text = placed_message(placed, message);
                          mcp::ToolResult result =
                              started_result(placed.started, text, services.max_wait);
                          result.task = started_task(task_of(placed), text);
                          return result;
                        });
}

Result<mcp::ToolResult> place_approved(
    const Approvals& approvals, jobs::SpendGuard& guard, const mcp::ToolCall& call,
    jobs::PaidOrder order, const Priced& priced,
    const std::function<mcp::ToolResult(const jobs::Placed&)>& answer) {
  ApprovalRound approval(approvals, order.order.tool, call, priced);
  if (approvals.are_needed()) {
    order.approve = [&] { return approval.approve(order.order); };
  }
  const auto placed = guard.place(order, call.stop);
  if (placed) return answer(*placed);
  if (!approval.question()) return placed.error();
  mcp::ToolResult result;
  result.input_required = approval.question();
  return result;
}

}  // namespace motion_mcp::tools
