#pragma once

// The requests that the front judges and the replies that the listener sends.

#include "base/http_message.h"

namespace motion_mcp::transport {

using base::equals_ignoring_case;
using base::find_header;
using base::HeaderValue;
using base::HttpHeaders;
using base::HttpReply;
using base::HttpRequest;
using base::trim_blanks;

}  // namespace motion_mcp::transport
