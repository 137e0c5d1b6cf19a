#include "mcp/list_page.h"

namespace motion_mcp::mcp {

std::optional<Reply> refuse_cursor(const jsonrpc::Request& request) {
  if (!request.params.contains("cursor")) return std::nullopt;
  return Reply{jsonrpc::print_error(request.id, jsonrpc::Code::invalid_params,
                                    "Unknown cursor: ask again without one", nullptr)};
}

}  // namespace motion_mcp::mcp
