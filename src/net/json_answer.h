#pragma once

// Reading the JSON that services answer with.

#include <optional>
#include <string>
#include <string_view>

#include "base/json_value.h"
#include "net/http_client.h"

namespace motion_mcp::net {

// The body of an answer as JSON. nullopt when it is none, or nested deeper than 64: copying and
// printing a Json recurse, and threads that serve requests have small stacks.
std::optional<Json> parse_answer(const std::string& body);

// The member `key` of `value`, or nullptr when there is none or `value` is no object.
const Json* member(const Json& value, const char* key);

// A member that is a string; empty when it is absent or something else. Lives as long as `value`.
std::string_view text_at(const Json& value, const char* key);

// A member that is a number, as it is written; nullopt when it is absent or something else.
std::optional<std::string> number_at(const Json& value, const char* key);

// An answer that is not what was hoped for, in a few words: `502, text/html instead of JSON`,
// `401: "what the service said"`. `words` are the service's own, already fit to show
// (base/quote.h); may be empty.
std::string describe_answer(const HttpResponse& response, bool is_json, std::string_view words);

}  // namespace motion_mcp::net
