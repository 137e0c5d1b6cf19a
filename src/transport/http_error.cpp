#include "transport/http_error.h"

#include "jsonrpc/message.h"

namespace motion_mcp::transport {

HttpReply json_reply(int status, std::string body) {
  return {status, {{"Content-Type", "application/json"}}, std::move(body)};
}

HttpReply http_error(int status, std::string_view message, jsonrpc::Code code,
                     const std::optional<jsonrpc::Id>& id) {
  return json_reply(status, id ? jsonrpc::print_error(id, code, message, nullptr)
                               : jsonrpc::print_error_without_id(code, message));
}

}  // namespace motion_mcp::transport
