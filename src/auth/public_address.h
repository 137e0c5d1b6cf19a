#pragma once

#include <string_view>

namespace motion_mcp::auth {

// True for an address that only the public internet leads to, so that a stranger who names it
// reaches nothing through us that he could not reach himself. False for whatever the IANA
// registries of special-purpose addresses do not call globally reachable (RFC 6890 and its updates;
// private, loopback, link-local with the clouds' metadata, shared, documentation, multicast,
// reserved), for 6to4 and Teredo, which carry an IPv4 address to who knows whom, for IPv6 outside
// 2000::/3, and for Azure's 168.63.129.16, which is the host of a virtual machine. Two forms that
// hold an IPv4 address are judged by it: IPv4-mapped, and NAT64's well-known prefix (RFC 6052),
// without which a machine that has IPv6 alone would reach nobody. False for what is no address,
// such as one with a zone.
bool is_public_address(std::string_view address);

}  // namespace motion_mcp::auth
