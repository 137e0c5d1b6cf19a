#pragma once

// What a request may say of itself before anything is sent. find_header is in http_client.h.

#include <string_view>

#include "base/result.h"
#include "net/http_client.h"

namespace motion_mcp::net {

// Names compare without regard to case (RFC 9110 section 5.1).
bool same_header_name(std::string_view a, std::string_view b);

// ErrorKind::invalid_argument, naming the header but never its value, when the method or a header
// name is no token (RFC 9110 section 5.6.2), a value holds CR, LF or NUL, or a header that frames
// the message (Host, Content-Length, Transfer-Encoding, Connection, ...) is set by hand.
Result<void> check_request(const HttpRequest& request);

}  // namespace motion_mcp::net
