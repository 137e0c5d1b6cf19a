#include "net/proxy.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "net/ascii.h"

namespace motion_mcp::net {
namespace {

constexpr std::string_view kFix =
    "Set HTTPS_PROXY to http://host:port or http://user:password@host:port, or unset it.";

Error unusable(std::string message) {
  return Error{ErrorKind::unreachable, std::move(message), std::string(kFix)};
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Stray percent signs stay as they are: people forget to encode them in passwords.
std::string percent_decoded(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
                        hex_value(text[i + 2]) >= 0;
    if (!escape) {
      result.push_back(text[i]);
      continue;
    }
    result.push_back(static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2])));
    i += 2;
  }
  return result;
}

std::string normalized(std::string_view host) {
  while (host.ends_with('.')) host.remove_suffix(1);
  return to_lower(host);
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct Address {
  std::array<unsigned char, 16> bytes{};
  unsigned bits = 0;
};

std::optional<Address> parse_address(const std::string& text) {
  Address address;
  if (inet_pton(AF_INET, text.c_str(), address.bytes.data()) == 1) {
    address.bits = 32;
    return address;
  }
  if (inet_pton(AF_INET6, text.c_str(), address.bytes.data()) == 1) {
    address.bits = 128;
    return address;
  }
  return std::nullopt;
}

bool in_range(const std::string& host, const std::string& network, unsigned prefix_bits) {
  const auto a = parse_address(host);
  const auto b = parse_address(network);
  if (!a || !b || a->bits != b->bits || prefix_bits > a->bits) return false;
  for (unsigned bit = 0; bit < prefix_bits; ++bit) {
    const unsigned mask = 0x80U >> (bit % 8);
    if ((a->bytes[bit / 8] & mask) != (b->bytes[bit / 8] & mask)) return false;
  }
  return true;
}

bool is_host_or_below(const std::string& host, const std::string& domain) {
  if (host == domain) return true;
  return host.size() > domain.size() && host.ends_with(domain) &&
         host[host.size() - domain.size() - 1] == '.' && !is_ip_address(host);
}

}  // namespace

std::string Proxy::name() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  return (ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<Proxy> parse_proxy(std::string_view text) {
  const std::size_t scheme_end = text.find("://");
  std::string_view rest = text;
  if (scheme_end != std::string_view::npos) {
    if (to_lower(text.substr(0, scheme_end)) != "http") {
      return unusable("the proxy's scheme is not supported, only http:// is");
    }
    rest.remove_prefix(scheme_end + 3);
  }

  Proxy proxy;
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
    const std::string_view credentials = rest.substr(0, at);
    const std::size_t colon = std::min(credentials.find(':'), credentials.size());
    proxy.user = percent_decoded(credentials.substr(0, colon));
    if (colon < credentials.size()) {
      proxy.password = percent_decoded(credentials.substr(colon + 1));
    }
    rest.remove_prefix(at + 1);
  }
  const auto url = parse_url("http://" + std::string(rest));
  if (!url || url->target != "/") return unusable("the proxy's address cannot be read");
  proxy.host = url->host;
  proxy.port = url->port;
  return proxy;
}

NoProxy::NoProxy(std::string_view list) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find_first_of(", \t"), list.size());
    std::string_view item = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    if (item == "*") all_ = true;
    if (item.starts_with("*.")) item.remove_prefix(1);
    if (item.starts_with('.')) item.remove_prefix(1);
    if (item.empty() || item == "*") continue;

    Entry entry;
    if (const std::size_t slash = item.find('/'); slash != std::string_view::npos) {
      entry.prefix_bits = parse_number<unsigned>(item.substr(slash + 1));
      if (!entry.prefix_bits) continue;
      item = item.substr(0, slash);
    }
    const std::size_t colon = item.rfind(':');
    const bool bracketed = item.starts_with('[');
    const bool has_port =
        colon != std::string_view::npos &&
        (bracketed ? colon > 0 && item[colon - 1] == ']' : item.find(':') == colon);
    if (has_port) {
      entry.port = parse_number<std::uint16_t>(item.substr(colon + 1));
      if (!entry.port) continue;
      item = item.substr(0, colon);
    }
    if (bracketed && item.ends_with(']')) item = item.substr(1, item.size() - 2);
    entry.host = normalized(item);
    entries_.push_back(std::move(entry));
  }
}

bool NoProxy::matches(std::string_view host, std::uint16_t port) const {
  if (all_) return true;
  const std::string name = normalized(host);
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    if (entry.port && *entry.port != port) return false;
    if (entry.prefix_bits) return in_range(name, entry.host, *entry.prefix_bits);
    if (is_ip_address(entry.host))
      return in_range(name, entry.host, parse_address(entry.host)->bits);
    return is_host_or_below(name, entry.host);
  });
}

bool wants_proxy(const Url& url, const NoProxy& no_proxy) {
  return url.https && !is_loopback_host(url.host) && !no_proxy.matches(url.host, url.port);
}

}  // namespace motion_mcp::net
