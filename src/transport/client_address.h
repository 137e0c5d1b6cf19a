#pragma once

// Whom a request comes from when it came through a proxy.

#include <string>
#include <string_view>

#include "base/ip_address.h"
#include "transport/http_message.h"

namespace motion_mcp::transport {

// The address of the client: the peer's, or, while that is a trusted proxy, the last one before it
// in X-Forwarded-For. Always an address, never other text of a header.
std::string client_address(std::string_view peer, const HttpHeaders& headers,
                           const base::AddressRanges& trusted);

}  // namespace motion_mcp::transport
