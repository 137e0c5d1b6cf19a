#include "net/url.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

#include "base/text.h"
#include "net/ascii.h"

namespace motion_mcp::net {
namespace {

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;
constexpr std::size_t kMaxHostBytes = 253;  // RFC 1035 section 2.3.4, as text
constexpr std::size_t kQuotedCharacters = 100;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

bool take_scheme(std::string_view& text, std::string_view scheme) {
  if (text.size() < scheme.size() || to_lower(text.substr(0, scheme.size())) != scheme)
    return false;
  text.remove_prefix(scheme.size());
  return true;
}

std::string in_brackets_if_ipv6(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

struct Authority {
  std::string_view host;
  std::optional<std::string_view> port;
};

// "host", "host:port", "[v6]" or "[v6]:port".
std::optional<Authority> split_authority(std::string_view text) {
  Authority result;
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    result.host = text.substr(1, close - 1);
    if (result.host.find(':') == std::string_view::npos) return std::nullopt;
    rest = text.substr(close + 1);
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    result.host = text.substr(0, colon);
    rest = text.substr(colon);
  }
  if (rest.empty()) return result;
  if (rest.front() != ':') return std::nullopt;
  result.port = rest.substr(1);
  return result;
}

Error refused(std::string_view url, std::string_view reason) {
  const std::string_view shown = url.substr(0, url.find_first_of("?#"));
  std::string message = "the URL was refused: ";
  message += reason;
  // Credentials and unprintable bytes stay out of messages.
  if (shown.find('@') == std::string_view::npos &&
      std::all_of(shown.begin(), shown.end(), [](char c) { return c > ' ' && c < 0x7f; })) {
    message += " (" + base::clip(shown, kQuotedCharacters) + ")";
  }
  return Error{ErrorKind::unreachable, std::move(message)};
}

}  // namespace

std::string Url::host_and_port() const {
  return in_brackets_if_ipv6(host) + ":" + std::to_string(port);
}

std::string Url::host_header() const {
  const bool default_port = port == (https ? kHttpsPort : kHttpPort);
  return default_port ? in_brackets_if_ipv6(host) : host_and_port();
}

Result<Url> parse_url(std::string_view text) {
  std::string_view rest = text;
  Url url;
  if (take_scheme(rest, "https://")) {
    url.https = true;
  } else if (take_scheme(rest, "http://")) {
    url.https = false;
  } else {
    return refused(text, "it must begin with https:// or http://");
  }
  const auto must_be_encoded = [](char c) { return c <= ' ' || c >= 0x7f; };
  if (std::any_of(rest.begin(), rest.end(), must_be_encoded)) {
    return refused(text, "spaces, control and non-ASCII characters must be percent-encoded");
  }

  const std::size_t authority_end = std::min(rest.find_first_of("/?#"), rest.size());
  const std::string_view authority_text = rest.substr(0, authority_end);
  rest.remove_prefix(authority_end);
  if (authority_text.find('@') != std::string_view::npos) {
    return refused(text, "it must not hold a user name or password");
  }
  const auto authority = split_authority(authority_text);
  if (!authority) return refused(text, "its host cannot be read");

  url.host = to_lower(authority->host);
  const bool ipv6 = authority_text.starts_with('[');
  const bool valid_host =
      ipv6 ? is_ip_address(url.host)
           : !url.host.empty() && url.host.size() <= kMaxHostBytes &&
                 std::all_of(url.host.begin(), url.host.end(), is_name_character);
  if (!valid_host) return refused(text, "its host cannot be read");

  url.port = url.https ? kHttpsPort : kHttpPort;
  if (authority->port && !authority->port->empty()) {
    const auto port = parse_port(*authority->port);
    if (!port) return refused(text, "its port must be a number from 1 to 65535");
    url.port = *port;
  }

  const std::string_view target = rest.substr(0, rest.find('#'));
  url.target = target.starts_with('/') ? std::string(target) : "/" + std::string(target);
  return url;
}

bool is_ip_address(std::string_view host) {
  const std::string text(host);
  in6_addr address{};
  return inet_pton(AF_INET, text.c_str(), &address) == 1 ||
         inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

bool is_loopback_address(std::string_view host) {
  const std::string text(host);
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, text.c_str(), &v6) == 1 &&
         std::memcmp(&v6, &in6addr_loopback, sizeof v6) == 0;
}

bool is_loopback_host(std::string_view host) {
  return host == "localhost" || is_loopback_address(host);
}

}  // namespace motion_mcp::net
