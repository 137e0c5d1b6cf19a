#pragma once

// Absolute http and https URLs (RFC 3986), as strict as our own callers need.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace motion_mcp::net {

struct Url {
  bool https = true;
  std::string host;    // lower case; an IPv6 address without its brackets
  std::uint16_t port;  // the scheme's default when the URL names none
  std::string target;  // path and query as written, "/" at least; the fragment is dropped

  // "host:port", IPv6 in brackets.
  [[nodiscard]] std::string host_and_port() const;
  // The Host header: the port only when it is not the scheme's own (RFC 9110 section 7.2).
  [[nodiscard]] std::string host_header() const;
};

// ErrorKind::unreachable, naming what is wrong, for any other scheme, user information, a bad host
// or port, and for bytes that should have been percent-encoded. A query is never repeated in the
// message: it may carry a signature.
Result<Url> parse_url(std::string_view text);

// True for an IPv4 or IPv6 address in its usual written form.
bool is_ip_address(std::string_view host);

// 127.0.0.0/8 and ::1.
bool is_loopback_address(std::string_view host);

// A loopback address, or the name `localhost` (RFC 6761 section 6.3).
bool is_loopback_host(std::string_view host);

}  // namespace motion_mcp::net
