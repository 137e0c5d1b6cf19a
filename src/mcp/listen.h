#pragma once

#include "base/clock.h"
#include "base/json_value.h"
#include "jsonrpc/message.h"
#include "mcp/catalog.h"
#include "mcp/server.h"
#include "mcp/task_methods.h"

namespace motion_mcp::mcp {

// What a stream of subscriptions/listen needs; all must outlive its work.
struct ListenParts {
  const TaskMethods& tasks;
  const Catalog& catalog;
  const Json& meta;  // of every result
  const base::Clock& clock;
};

// subscriptions/listen (MCP 2026-07-28 "Subscriptions"). What is granted is acknowledged first:
// those of the first kMaxListenedTasks `taskIds` that are tasks of this caller and can be watched,
// and, of a server that announces changes, those of the lists and resources it has. Then each task
// is told as it stands, and again whenever something about it is new, and each change once it is
// announced. The result ends the stream: when the client leaves, the server stops, or nothing is
// left that could be told.
Step listen(const jsonrpc::Request& request, const Json& capabilities, const Caller& caller,
            const ListenParts& parts);

inline constexpr std::size_t kMaxListenedTasks = 64;

}  // namespace motion_mcp::mcp
