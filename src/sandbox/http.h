#pragma once

// HTTP as the sandbox's pure core sees it: no sockets, no httplib.

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_value.h"

namespace motion_mcp::sandbox {

// What the sandbox looks at in a request. Headers that were not sent are nullopt.
struct Request {
  std::string method;  // upper case
  std::string target;  // path and query as sent, still percent-encoded
  std::optional<std::string> authorization;
  std::optional<std::string> content_type;
  std::optional<std::string> host;
  std::optional<std::string> range;
  std::string body;
  std::optional<std::string> if_range = {};
  std::optional<std::string> last_event_id = {};
  std::optional<std::string> idempotency_key = {};
  std::optional<std::string> request_id = {};
};

struct Reply {
  int status = 200;
  std::string content_type;
  // Besides Content-Type and Content-Length.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  // The body in pieces instead, each when it is time for it: called again and again on the
  // connection's thread, where it may block, until it gives nullopt or `stop` is requested.
  std::function<std::optional<std::string>(const std::stop_token& stop)> stream = {};
};

Reply json_reply(int status, const Json& body);

// The key of a well-formed Authorization header that begins with `prefix`; empty otherwise. Any key
// of that shape is good: an account of its own belongs to it. Lives as long as the request.
std::string_view bearer_key(const Request& request, std::string_view prefix);

// The body of a JSON request. A body of another type is not read, as with Express: it counts as {}.
// nullopt for text that is no JSON.
std::optional<Json> json_body(const Request& request);

// 405, with the methods that are allowed as RFC 9110 section 15.5.6 asks, such as "GET, HEAD".
Reply method_not_allowed(std::string allowed);

}  // namespace motion_mcp::sandbox
