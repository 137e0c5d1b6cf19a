#include "mcp/list_page.h"

namespace motion_mcp::mcp {

std::optional<Reply> refuse_cursor(const jsonrpc::Request& request) {
  if (!request.params.contains("cursor")) return std::nullopt;
  return error_reply(request.id, jsonrpc::Code::invalid_params,
                     "Unknown cursor: ask again without one");
}

}  // namespace motion_mcp::mcp
