#include "mcp/reply.h"

namespace motion_mcp::mcp {

Reply result_reply(const jsonrpc::Id& id, std::string_view result, Outcome outcome) {
  return {jsonrpc::print_result(id, result), Fault::none, outcome};
}

Reply error_reply(const jsonrpc::Id& id, jsonrpc::Code code, std::string_view message, Fault fault,
                  const Json& data) {
  return {jsonrpc::print_error(id, code, message, data), fault, Outcome::error};
}

}  // namespace motion_mcp::mcp
