#pragma once

#include <optional>

#include "jsonrpc/message.h"
#include "mcp/server.h"

namespace motion_mcp::mcp {

// Lists fit one page, so no cursor was ever handed out: one that comes back is an error (MCP
// "Pagination"). Nullopt when the request has none.
std::optional<Reply> refuse_cursor(const jsonrpc::Request& request);

}  // namespace motion_mcp::mcp
