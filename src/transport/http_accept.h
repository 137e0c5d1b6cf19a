#pragma once

#include <string_view>

#include "transport/http_message.h"

namespace motion_mcp::transport {

// Whether the Accept headers take a media type: by name, by its group ("text/*") or by */*. Several
// are one list, and none takes anything (RFC 9110 sections 5.3 and 12.5.1).
bool accepts(const HttpHeaders& headers, std::string_view group, std::string_view type);

}  // namespace motion_mcp::transport
