#pragma once

// HTTP requests and replies as values: what the front judges and the listener moves.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/owner.h"

namespace motion_mcp::base {

// In the order received or to be sent; values raw, never decoded.
using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method;
  std::string target;  // as in the request line: path and query
  HttpHeaders headers;
  std::string body;
  std::string client = {};        // the address that it comes from, as far as proxies are believed
  OwnerMemory* owners = nullptr;  // of its connection; null: none
};

struct HttpReply {
  int status = 200;
  HttpHeaders headers;  // Content-Length and Connection are the listener's
  std::string body;
  // What became of the message, for logs and figures: "tool_error", "error" or empty, of static
  // storage.
  std::string_view outcome = {};
};

// How often a header of this name occurs, and the first one's value without the blanks around it
// (RFC 9110 section 5.5). Names compare without regard to case.
struct HeaderValue {
  std::size_t count = 0;
  std::string_view value;
};
HeaderValue find_header(const HttpHeaders& headers, std::string_view name);

// Without the blanks around it.
std::string_view trim_blanks(std::string_view text);

// True when the two are equal but for the case of ASCII letters.
bool equals_ignoring_case(std::string_view a, std::string_view b);

}  // namespace motion_mcp::base
