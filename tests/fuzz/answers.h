#pragma once

// What every message of the server's keeps to, whatever it was sent.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "jsonrpc/message.h"

namespace motion_mcp::fuzz {

// How a message is to be answered. An id is JSON text.
struct Due {
  bool is_answered = false;
  std::optional<std::string> id;  // nullopt when the message showed none
};

Due due_for(const jsonrpc::Message& message);
// What the messages of a batch are due, without those that are not answered.
std::vector<Due> due_for(const jsonrpc::Batch& batch);

// Requires one line of JSON, as an independent parser reads it.
Json require_json_line(std::string_view text);

// Requires a response as JSON-RPC 2.0 has it, to the id that is due.
void require_response(const Json& response, const Due& due);
void require_response_line(std::string_view text, const Due& due);

// Requires one response, in any order, for each that is due.
void require_responses(const Json& array, std::vector<Due> dues);

// Requires a notification, or a request of the server's own when it may ask.
void require_notification(std::string_view text);

}  // namespace motion_mcp::fuzz
