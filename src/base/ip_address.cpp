#include "base/ip_address.h"

#include <arpa/inet.h>

#include <charconv>
#include <cstring>
#include <string>

namespace motion_mcp::base {
namespace {

constexpr unsigned kBits = 128;
constexpr unsigned kMappedBits = 96;
constexpr IpAddress kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool has_prefix(const IpAddress& address, const IpAddress& prefix, unsigned bits) {
  const unsigned whole = bits / 8;
  if (std::memcmp(address.data(), prefix.data(), whole) != 0) return false;
  const unsigned rest = bits % 8;
  return rest == 0 || ((address[whole] ^ prefix[whole]) >> (8 - rest)) == 0;
}

}  // namespace

std::optional<IpAddress> parse_ip_address(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string copy(text);
  IpAddress address{};
  if (::inet_pton(AF_INET6, copy.c_str(), address.data()) == 1) return address;
  in_addr v4{};
  if (::inet_pton(AF_INET, copy.c_str(), &v4) != 1) return std::nullopt;
  address = kMapped;
  std::memcpy(address.data() + 12, &v4, sizeof v4);
  return address;
}

bool is_ipv4(const IpAddress& address) {
  return has_prefix(address, kMapped, kMappedBits);
}

bool is_unspecified(const IpAddress& address) {
  return address == IpAddress{} || address == kMapped;
}

Result<void> AddressRanges::add(std::string_view cidr) {
  const auto bad = [&] {
    return Error{ErrorKind::invalid_argument,
                 "\"" + std::string(cidr) + "\" is no address range such as 10.0.0.0/8 or ::1"};
  };
  const std::size_t slash = cidr.find('/');
  const std::string_view first = cidr.substr(0, slash);
  const auto address = parse_ip_address(first);
  if (!address) return bad();
  Range range{*address, kBits};
  if (slash != std::string_view::npos) {
    const bool is_v4 = first.find(':') == std::string_view::npos;
    const std::string_view text = cidr.substr(slash + 1);
    const unsigned most = is_v4 ? kBits - kMappedBits : kBits;
    unsigned bits = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
    if (error != std::errc() || end != text.data() + text.size() || bits > most) return bad();
    range.bits = is_v4 ? kMappedBits + bits : bits;
  }
  ranges_.push_back(range);
  return {};
}

bool AddressRanges::contains(std::string_view address) const {
  const auto parsed = parse_ip_address(address);
  return parsed && contains(*parsed);
}

bool AddressRanges::contains(const IpAddress& address) const {
  for (const Range& range : ranges_) {
    if (has_prefix(address, range.bytes, range.bits)) return true;
  }
  return false;
}

}  // namespace motion_mcp::base
