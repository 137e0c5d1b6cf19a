#include "tools/paid_order.h"

#include "base/json_value.h"
#include "base/owner.h"
#include "jobs/guard_words.h"
#include "motion/errors.h"

namespace motion_mcp::tools {

Result<jobs::PaidOrder> paid_order(std::string_view tool, const mcp::ToolCall& call,
                                   const motion::VideoBrief& brief) {
  TRY(motion::check_key(call.caller.credential));
  jobs::PaidOrder paid;
  paid.order.owner = base::owner_id(call.caller.credential);
  paid.order.tool = tool;
  paid.order.digest = jobs::order_digest(tool, call.arguments);
  paid.order.prompt = brief.prompt;
  paid.order.job_id = call.arguments.value("job_id", "");
  paid.allow_duplicate = call.arguments.value("allow_duplicate", false);
  return paid;
}

std::string placed_message(const jobs::Placed& placed, std::string_view message) {
  if (placed.ordered_before) {
    return "The same arguments were sent " + jobs::in_words(*placed.ordered_before) +
           " ago and started this job, so nothing was sent now and nothing was spent. "
           "allow_duplicate=true would order another.";
  }
  std::string text(message);
  if (!placed.is_in_ledger) {
    text +=
        " Keep the job_id: the history on the server's disk cannot be written now, so it is not "
        "there, and only this process knows not to order it twice.";
  }
  return text;
}

}  // namespace motion_mcp::tools
