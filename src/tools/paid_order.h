#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "jobs/spend_guard.h"
#include "mcp/tool.h"
#include "motion/types.h"
#include "tools/tool_table.h"
#include "tools/video_task.h"

namespace motion_mcp::tools {

// The order that a call of `tool` is, for the spend guard; the caller adds how it is sent. A key
// that cannot be one is no_credential, before anything is written down.
Result<jobs::PaidOrder> paid_order(const motion::Client& motion, std::string_view tool,
                                   const mcp::ToolCall& call, const motion::VideoBrief& brief);

// `message` as it stands for an order that was sent; another sentence for one that was answered
// with a job from before, and a warning when the ledger does not have it.
std::string placed_message(const jobs::Placed& placed, std::string_view message,
                           std::string_view id_name = "job_id");

// Places the order, after a person agreed to it where that is asked for (approval.h), and answers
// the call with `answer`, or asks.
Result<mcp::ToolResult> place_approved(
    const Approvals& approvals, jobs::SpendGuard& guard, const mcp::ToolCall& call,
    jobs::PaidOrder order, const Priced& priced,
    const std::function<mcp::ToolResult(const jobs::Placed&)>& answer);

// Places the order, after a person agreed to it where that is asked for (approval.h), and answers
// the call, with `task_of` what was placed for a client that takes tasks. `message` says what an
// order that was sent means.
Result<mcp::ToolResult> place_order(const Services& services, const mcp::ToolCall& call,
                                    jobs::PaidOrder order, std::string_view message,
                                    const std::function<VideoTask(const jobs::Placed&)>& task_of);

}  // namespace motion_mcp::tools
