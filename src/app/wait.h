#pragma once

#include <optional>
#include <stop_token>

#include "app/mcp_client.h"
#include "app/progress_line.h"
#include "app/tool_outcome.h"
#include "base/clock.h"

namespace motion_mcp::app {

struct WaitEnd {
  ToolOutcome last;            // the last look that showed the job
  std::optional<Error> error;  // why it was the last although more may come: `cancelled` on `stop`,
                               // or what kept failing
};

// Looks at the job of `first` as often as its poll_after says, until more looks would show nothing
// new. A look that fails for a reason that passes is repeated, five times in a row at most.
WaitEnd wait_until_settled(McpClient& client, const base::Clock& clock, ToolOutcome first,
                           ProgressLine& progress, const std::stop_token& stop);

}  // namespace motion_mcp::app
