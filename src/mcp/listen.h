#pragma once

#include "base/clock.h"
#include "base/json_value.h"
#include "jsonrpc/message.h"
#include "mcp/server.h"
#include "mcp/task_methods.h"

namespace motion_mcp::mcp {

// subscriptions/listen (MCP 2026-07-28 "Subscriptions"). What is granted is acknowledged first:
// those of the first kMaxListenedTasks `taskIds` that are tasks of this caller and can be watched.
// Then each task is told as it stands, and again whenever something about it is new, until all are
// over, the client leaves or the server stops; the result ends the stream. Nothing else can be
// subscribed to, so without tasks the stream ends at once. `meta` is that of every result. Tasks
// and clock must outlive the work.
Step listen(const jsonrpc::Request& request, const Json& capabilities, const Caller& caller,
            const TaskMethods& tasks, const Json& meta, const base::Clock& clock);

inline constexpr std::size_t kMaxListenedTasks = 64;

}  // namespace motion_mcp::mcp
