#pragma once

// The response to one request, as text, and what transports make of it besides sending it.

#include <optional>
#include <string>
#include <string_view>

#include "jsonrpc/message.h"

namespace motion_mcp::mcp {

// Why a message was refused before any handler saw it, for transports that show it (HTTP's status).
enum class Fault { none, bad_request, unknown_method };

// What became of a request, for figures: `tool_error` is a result with isError.
enum class Outcome { ok, tool_error, error };

struct Reply {
  std::string text;  // the whole JSON-RPC response
  Fault fault = Fault::none;
  Outcome outcome = Outcome::ok;
};

// `result` is JSON text.
Reply result_reply(const jsonrpc::Id& id, std::string_view result, Outcome outcome = Outcome::ok);
Reply error_reply(const jsonrpc::Id& id, jsonrpc::Code code, std::string_view message,
                  Fault fault = Fault::none, const Json& data = nullptr);

}  // namespace motion_mcp::mcp
