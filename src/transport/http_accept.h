#pragma once

#include <string_view>

#include "transport/http_message.h"

namespace motion_mcp::transport {

// Whether an Accept header takes a media type: by name, by its group ("text/*") or by */*. No
// header takes anything (RFC 9110 section 12.5.1).
bool accepts(const HeaderValue& accept, std::string_view group, std::string_view type);

}  // namespace motion_mcp::transport
