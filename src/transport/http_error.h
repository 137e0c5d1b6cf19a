#pragma once

#include <optional>
#include <string_view>

#include "jsonrpc/codes.h"
#include "jsonrpc/id.h"
#include "transport/http_message.h"

namespace motion_mcp::transport {

// A refusal by the HTTP layer: the status, and a JSON-RPC error as the body, which is what MCP
// clients show (MCP "Streamable HTTP": the body MAY be one without an id).
HttpReply http_error(int status, std::string_view message,
                     jsonrpc::Code code = jsonrpc::Code::invalid_request,
                     const std::optional<jsonrpc::Id>& id = std::nullopt);

// A reply whose body is JSON text.
HttpReply json_reply(int status, std::string body);

}  // namespace motion_mcp::transport
