#pragma once

// JSON-RPC 2.0 messages, between bytes and values.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json_value.h"
#include "jsonrpc/codes.h"
#include "jsonrpc/id.h"

namespace motion_mcp::jsonrpc {

// Nesting beyond this is refused while parsing: copying and printing recurse, and worker stacks are
// small.
inline constexpr std::size_t kMaxDepth = 64;

struct Request {
  Id id;
  std::string method;
  Json params;  // an object; empty when the message had none
};

struct Notification {
  std::string method;
  Json params;
};

// An answer to a request of ours.
struct Response {
  Id id;
  Json result;  // null when it is an error
  Json error;   // null when it is a result
};

// What cannot be served, with the id to answer to when it could be recovered.
struct Invalid {
  Code code = Code::invalid_request;
  std::string message;
  std::optional<Id> id;
};

using Message = std::variant<Request, Notification, Response, Invalid>;

// The elements of a JSON array, in order. An empty array is not a batch but an Invalid message.
using Batch = std::vector<Message>;

// Reads one message or batch. Never throws. Refuses invalid UTF-8, NUL bytes, trailing text,
// duplicate member names (two readers could see two different messages) and nesting beyond
// kMaxDepth; recovers the id where the text before the fault, or the value itself, shows it.
std::variant<Message, Batch> parse(std::string_view bytes);

// Parses any JSON text under the same rules; nullopt when it is not JSON.
std::optional<Json> parse_json(std::string_view bytes, std::size_t max_depth = kMaxDepth);

// `value` on one line. Invalid UTF-8 is replaced, never thrown on.
std::string print(const Json& value);
// `json`, which is valid, without the blanks between its tokens.
std::string compact(std::string_view json);
// `text` as a JSON string, quotes included.
std::string print_string(std::string_view text);

// Whole messages on one line, without a line end. `result` is JSON text.
std::string print_result(const Id& id, std::string_view result);
// `id` absent prints null: the request's id could not be read. `data` null is left out.
std::string print_error(const std::optional<Id>& id, Code code, std::string_view message,
                        const Json& data);
// The same without an `id` at all, which is how newer versions of MCP want an unknown one.
std::string print_error_without_id(Code code, std::string_view message);
std::string print_request(const Id& id, std::string_view method, const Json& params);
std::string print_notification(std::string_view method, const Json& params);

}  // namespace motion_mcp::jsonrpc
