#include "transport/client_address.h"

#include <arpa/inet.h>

#include <charconv>
#include <cstring>
#include <optional>

namespace motion_mcp::transport {
namespace {

using Bytes = std::array<unsigned char, 16>;

constexpr unsigned kBits = 128;
constexpr unsigned kMappedBits = 96;  // of ::ffff:0:0/96, where IPv4 is (RFC 4291 section 2.5.5.2)

struct Address {
  Bytes bytes{};
  bool is_v4 = false;
};

std::optional<Address> parse_address(std::string_view text) {
  const std::string copy(text);
  Address address;
  if (::inet_pton(AF_INET6, copy.c_str(), address.bytes.data()) == 1) return address;
  in_addr v4{};
  if (::inet_pton(AF_INET, copy.c_str(), &v4) != 1) return std::nullopt;
  address.is_v4 = true;
  address.bytes[10] = address.bytes[11] = 0xff;
  std::memcpy(address.bytes.data() + 12, &v4, sizeof v4);
  return address;
}

bool has_prefix(const Bytes& address, const Bytes& prefix, unsigned bits) {
  const unsigned whole = bits / 8;
  if (std::memcmp(address.data(), prefix.data(), whole) != 0) return false;
  const unsigned rest = bits % 8;
  return rest == 0 || ((address[whole] ^ prefix[whole]) >> (8 - rest)) == 0;
}

}  // namespace

Result<void> AddressRanges::add(std::string_view cidr) {
  const auto bad = [&] {
    return Error{ErrorKind::invalid_argument,
                 "\"" + std::string(cidr) + "\" is no address range such as 10.0.0.0/8 or ::1"};
  };
  const std::size_t slash = cidr.find('/');
  const auto address = parse_address(cidr.substr(0, slash));
  if (!address) return bad();
  Range range{address->bytes, kBits};
  if (slash != std::string_view::npos) {
    const std::string_view text = cidr.substr(slash + 1);
    const unsigned most = address->is_v4 ? kBits - kMappedBits : kBits;
    unsigned bits = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
    if (error != std::errc() || end != text.data() + text.size() || bits > most) return bad();
    range.bits = address->is_v4 ? kMappedBits + bits : bits;
  }
  ranges_.push_back(range);
  return {};
}

bool AddressRanges::contains(std::string_view address) const {
  const auto parsed = parse_address(address);
  if (!parsed) return false;
  for (const Range& range : ranges_) {
    if (has_prefix(parsed->bytes, range.bytes, range.bits)) return true;
  }
  return false;
}

std::string client_address(std::string_view peer, const HttpHeaders& headers,
                           const AddressRanges& trusted) {
  std::string client(peer);
  if (!trusted.contains(peer)) return client;
  // Each proxy appends the address it was called from, so the list is read from its end.
  for (auto header = headers.rbegin(); header != headers.rend(); ++header) {
    if (!equals_ignoring_case(header->first, "X-Forwarded-For")) continue;
    std::string_view rest = header->second;
    while (!rest.empty()) {
      const std::size_t comma = rest.rfind(',');
      const bool is_first = comma == std::string_view::npos;
      const std::string_view item = trim_blanks(is_first ? rest : rest.substr(comma + 1));
      if (!parse_address(item)) return client;
      client = item;
      if (!trusted.contains(client)) return client;
      rest = is_first ? std::string_view() : rest.substr(0, comma);
    }
  }
  return client;
}

}  // namespace motion_mcp::transport
