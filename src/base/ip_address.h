#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace motion_mcp::base {

// An IPv6 address in network order; an IPv4 one as its IPv4-mapped form ::ffff:a.b.c.d (RFC 4291
// section 2.5.5.2), so that nothing passes by being written the other way.
using IpAddress = std::array<unsigned char, 16>;

// In the usual written form: no zone, no brackets, four decimal numbers. Nullopt for anything else.
std::optional<IpAddress> parse_ip_address(std::string_view text);

bool is_ipv4(const IpAddress& address);

// 0.0.0.0 or ::, which stand for every address of the machine.
bool is_unspecified(const IpAddress& address);

// Addresses in CIDR notation ("10.0.0.0/8", "::1"), IPv4 and IPv6.
class AddressRanges {
 public:
  // invalid_argument names the text.
  Result<void> add(std::string_view cidr);
  // False for what is no address.
  [[nodiscard]] bool contains(std::string_view address) const;
  [[nodiscard]] bool contains(const IpAddress& address) const;
  [[nodiscard]] bool empty() const { return ranges_.empty(); }

 private:
  struct Range {
    IpAddress bytes{};
    unsigned bits = 0;
  };
  std::vector<Range> ranges_;
};

}  // namespace motion_mcp::base
