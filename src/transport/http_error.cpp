#include "transport/http_error.h"

#include "jsonrpc/message.h"

namespace motion_mcp::transport {

HttpReply json_reply(int status, std::string body) {
  return {status, {{"Content-Type", "application/json"}}, std::move(body)};
}

HttpReply http_error(int status, std::string_view message, jsonrpc::Code code,
                     const std::optional<jsonrpc::Id>& id) {
  return json_reply(status, jsonrpc::print_error(id, code, message, nullptr));
}

}  // namespace motion_mcp::transport
