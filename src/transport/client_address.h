#pragma once

// Whom a request comes from when it came through a proxy.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "transport/http_message.h"

namespace motion_mcp::transport {

// Addresses in CIDR notation ("10.0.0.0/8", "::1"), IPv4 and IPv6.
class AddressRanges {
 public:
  // invalid_argument names the text.
  Result<void> add(std::string_view cidr);
  // False for what is no address. An IPv4-mapped IPv6 address counts as the IPv4 one.
  [[nodiscard]] bool contains(std::string_view address) const;
  [[nodiscard]] bool empty() const { return ranges_.empty(); }

 private:
  struct Range {
    std::array<unsigned char, 16> bytes{};
    unsigned bits = 0;
  };
  std::vector<Range> ranges_;
};

// The address of the client: the peer's, or, while that is a trusted proxy, the last one before it
// in X-Forwarded-For. Always an address, never other text of a header.
std::string client_address(std::string_view peer, const HttpHeaders& headers,
                           const AddressRanges& trusted);

}  // namespace motion_mcp::transport
