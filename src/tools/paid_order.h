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
Result<jobs::PaidOrder> paid_order(std::string_view tool, const mcp::ToolCall& call,
                                   const motion::VideoBrief& brief);

// Places the order, after a person agreed to it where that is asked for (approval.h), and answers
// the call, with `task_of` what was placed for a client that takes tasks. `message` says what an
// order that was sent means.
Result<mcp::ToolResult> place_order(const Services& services, const mcp::ToolCall& call,
                                    jobs::PaidOrder order, std::string_view message,
                                    const std::function<VideoTask(const jobs::Placed&)>& task_of);

}  // namespace motion_mcp::tools
