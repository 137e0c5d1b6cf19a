#include "sandbox/url.h"

#include <algorithm>
#include <array>

namespace motion_mcp::sandbox {
namespace {

char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_port(std::string_view text) {
  return text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_bracketed_ipv6(std::string_view host) {
  return host.size() > 4 && host.front() == '[' && host.back() == ']' &&
         host.find_first_not_of("0123456789abcdef:.", 1) == host.size() - 1;
}

}  // namespace

std::string http_host(std::string_view url) {
  const bool has_blanks =
      std::any_of(url.begin(), url.end(), [](char c) { return c >= 0 && c <= ' '; });
  const std::size_t scheme_end = url.find("://");
  if (has_blanks || scheme_end == std::string_view::npos) return {};
  std::string scheme(url.substr(0, scheme_end));
  std::transform(scheme.begin(), scheme.end(), scheme.begin(), to_lower);
  if (scheme != "http" && scheme != "https") return {};

  std::string_view authority = url.substr(scheme_end + 3);
  authority = authority.substr(0, authority.find_first_of("/?#\\"));
  const std::size_t user_end = authority.rfind('@');
  if (user_end != std::string_view::npos) authority.remove_prefix(user_end + 1);
  const std::size_t port_start = authority.rfind(':');
  const std::size_t bracket = authority.rfind(']');
  if (port_start != std::string_view::npos &&
      (bracket == std::string_view::npos || port_start > bracket)) {
    if (!is_port(authority.substr(port_start + 1))) return {};
    authority = authority.substr(0, port_start);
  }

  std::string host(authority);
  std::transform(host.begin(), host.end(), host.begin(), to_lower);
  const bool is_name = std::all_of(host.begin(), host.end(), is_host_character);
  return is_name || is_bracketed_ipv6(host) ? host : std::string();
}

bool is_youtube_host(std::string_view lower_case_host) {
  constexpr std::array<std::string_view, 7> kHosts = {
      "youtube.com", "www.youtube.com",      "m.youtube.com",           "music.youtube.com",
      "youtu.be",    "youtube-nocookie.com", "www.youtube-nocookie.com"};
  return std::find(kHosts.begin(), kHosts.end(), lower_case_host) != kHosts.end();
}

}  // namespace motion_mcp::sandbox
