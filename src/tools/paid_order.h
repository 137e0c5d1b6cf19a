#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "jobs/spend_guard.h"
#include "mcp/tool.h"
#include "motion/types.h"

namespace motion_mcp::tools {

// The order that a call of `tool` is, for the spend guard; the caller adds how it is sent. A key
// that cannot be one is no_credential, before anything is written down.
Result<jobs::PaidOrder> paid_order(std::string_view tool, const mcp::ToolCall& call,
                                   const motion::VideoBrief& brief);

// `message` as it stands for an order that was sent; another sentence for one that was answered
// with a job from before, and a warning when the ledger does not have it.
std::string placed_message(const jobs::Placed& placed, std::string_view message);

}  // namespace motion_mcp::tools
