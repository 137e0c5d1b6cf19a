#include "transport/client_address.h"

namespace motion_mcp::transport {

std::string client_address(std::string_view peer, const HttpHeaders& headers,
                           const base::AddressRanges& trusted) {
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
      if (!base::parse_ip_address(item)) return client;
      client = item;
      if (!trusted.contains(client)) return client;
      rest = is_first ? std::string_view() : rest.substr(0, comma);
    }
  }
  return client;
}

}  // namespace motion_mcp::transport
