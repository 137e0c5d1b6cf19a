#pragma once

// Which proxy leads to which host: the conventions of HTTPS_PROXY and NO_PROXY, as curl reads them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/url.h"

namespace motion_mcp::net {

// An HTTP proxy that opens tunnels with CONNECT (RFC 9110 section 9.3.6).
struct Proxy {
  std::string host;  // without brackets
  std::uint16_t port = 80;
  std::string user;  // decoded; empty for none
  std::string password;

  // "host:port", without credentials: fit for a message.
  [[nodiscard]] std::string name() const;
};

// "http://user:password@host:port", or without the scheme; user and password percent-encoded. Port
// 80 when none is given. ErrorKind::unreachable for anything else, SOCKS and TLS to the proxy
// included; the text itself is not repeated, for it may hold a password.
Result<Proxy> parse_proxy(std::string_view text);

// The hosts that are reached without a proxy. Entries are separated by commas or spaces:
//   *                       every host
//   example.com             that host and every host below it; so do .example.com, *.example.com
//   10.0.0.7, ::1           that address, when the URL is written with it
//   10.0.0.0/8, fd00::/8    those addresses, likewise
//   host:8443, [::1]:8443   as above, for that port alone
// Case and a trailing dot do not matter. What cannot be read matches nothing.
class NoProxy {
 public:
  NoProxy() = default;
  explicit NoProxy(std::string_view list);

  [[nodiscard]] bool matches(std::string_view host, std::uint16_t port) const;

 private:
  struct Entry {
    std::string host;  // lower case, without leading or trailing dot
    std::optional<std::uint16_t> port;
    std::optional<unsigned> prefix_bits;  // of an address range
  };
  bool all_ = false;
  std::vector<Entry> entries_;
};

// Whether `url` may take a proxy at all: https, not loopback, not in `no_proxy`. Plain http goes to
// loopback only, so HTTP_PROXY never applies.
bool wants_proxy(const Url& url, const NoProxy& no_proxy);

}  // namespace motion_mcp::net
