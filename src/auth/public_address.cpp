#include "auth/public_address.h"

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <optional>

#include "base/ip_address.h"

namespace motion_mcp::auth {
namespace {

base::AddressRanges ranges(std::initializer_list<std::string_view> texts) {
  base::AddressRanges all;
  for (const std::string_view text : texts) {
    if (!all.add(text)) std::abort();
  }
  return all;
}

// https://www.iana.org/assignments/iana-ipv4-special-registry
const base::AddressRanges& special_v4() {
  static const base::AddressRanges all = ranges({
      "0.0.0.0/8",         // this network
      "10.0.0.0/8",        // private
      "100.64.0.0/10",     // shared by carriers' NAT; Alibaba's metadata
      "127.0.0.0/8",       // loopback
      "168.63.129.16/32",  // Azure's host
      "169.254.0.0/16",    // link-local; most clouds' metadata
      "172.16.0.0/12",     // private
      "192.0.0.0/24",      // IETF protocols; Oracle's metadata
      "192.0.2.0/24",      // documentation
      "192.88.99.0/24",    // 6to4 relays
      "192.168.0.0/16",    // private
      "198.18.0.0/15",     // benchmarks
      "198.51.100.0/24",   // documentation
      "203.0.113.0/24",    // documentation
      "224.0.0.0/4",       // multicast
      "240.0.0.0/4",       // reserved, broadcast
  });
  return all;
}

// https://www.iana.org/assignments/iana-ipv6-special-registry, as far as it is within 2000::/3
const base::AddressRanges& special_v6() {
  static const base::AddressRanges all = ranges({
      "2001::/23",      // IETF protocols, Teredo
      "2001:db8::/32",  // documentation
      "2002::/16",      // 6to4
      "3fff::/20",      // documentation
  });
  return all;
}

bool is_within(std::string_view range, const base::IpAddress& address) {
  return ranges({range}).contains(address);
}

// The IPv4 address that these stand for, as a mapped one.
std::optional<base::IpAddress> embedded_v4(const base::IpAddress& address) {
  if (base::is_ipv4(address)) return address;
  if (!is_within("64:ff9b::/96", address)) return std::nullopt;
  base::IpAddress mapped{};
  mapped[10] = mapped[11] = 0xff;
  std::copy(address.begin() + 12, address.end(), mapped.begin() + 12);
  return mapped;
}

}  // namespace

bool is_public_address(std::string_view text) {
  const auto address = base::parse_ip_address(text);
  if (!address) return false;
  if (const auto v4 = embedded_v4(*address)) return !special_v4().contains(*v4);
  return is_within("2000::/3", *address) && !special_v6().contains(*address);
}

}  // namespace motion_mcp::auth
