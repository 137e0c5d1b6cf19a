#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace motion_mcp::net {

// True for the statuses that name another place in Location (RFC 9110 section 15.4).
bool is_redirect(int status);

// Where a redirect of a request to `from` leads: a URL, one without its scheme, or a path on the
// same host. bad_response for anything else, and for a way from https to plain http; the message
// repeats no query, which may carry a signature. What stands there unencoded is percent-encoded,
// because httplib 0.11.4 decodes headers.
Result<std::string> redirect_target(std::string_view from, std::string_view location);

}  // namespace motion_mcp::net
