#include "auth/redirect_rules.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "net/ascii.h"
#include "net/url.h"

namespace motion_mcp::auth {
namespace {

constexpr std::array<std::string_view, 3> kLoopbackHosts = {"127.0.0.1", "::1", "localhost"};
// Applications that are known to take an authorization by a scheme of their own.
constexpr std::array<std::string_view, 3> kApplicationSchemes = {"cursor", "vscode",
                                                                 "vscode-insiders"};

template <class Names>
bool is_one_of(std::string_view name, const Names& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Error refuse(std::string why) {
  return Error{ErrorKind::invalid_argument, "a redirect URI is not allowed: " + std::move(why)};
}

// RFC 3986: reserved, unreserved and "%".
bool is_uri_character(char c) {
  constexpr std::string_view kPunctuation = "-._~:/?#[]@!$&'()*+,;=%";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kPunctuation.find(c) != std::string_view::npos;
}

// In lower case; empty when there is none.
std::string scheme_of(std::string_view uri) {
  const std::size_t colon = uri.find(':');
  return colon == std::string_view::npos ? std::string() : net::to_lower(uri.substr(0, colon));
}

// "com.example.app": labels of letters, digits and hyphens, two at least, a letter first.
bool is_reversed_domain(std::string_view scheme) {
  constexpr std::string_view kLabel = "abcdefghijklmnopqrstuvwxyz0123456789-";
  if (scheme.empty() || scheme.front() < 'a' || scheme.front() > 'z') return false;
  std::size_t labels = 0;
  while (true) {
    const std::size_t dot = std::min(scheme.find('.'), scheme.size());
    const std::string_view label = scheme.substr(0, dot);
    if (label.empty() || label.find_first_not_of(kLabel) != std::string_view::npos) return false;
    ++labels;
    if (dot == scheme.size()) return labels >= 2;
    scheme.remove_prefix(dot + 1);
  }
}

std::optional<net::Url> loopback_url(std::string_view uri) {
  auto url = net::parse_url(uri);
  if (!url || url->https || !is_one_of(url->host, kLoopbackHosts)) return std::nullopt;
  return *std::move(url);
}

bool is_allowed_by(std::string_view registered, std::string_view asked) {
  if (registered == asked) return true;
  const auto a = loopback_url(registered);
  const auto b = loopback_url(asked);
  return a && b && a->host == b->host && a->target == b->target;
}

}  // namespace

Result<void> check_redirect_uri(std::string_view uri) {
  if (uri.size() > kMaxRedirectUriBytes) {
    return refuse("it is longer than " + std::to_string(kMaxRedirectUriBytes) + " bytes");
  }
  if (!std::all_of(uri.begin(), uri.end(), is_uri_character)) {
    return refuse("it holds characters that a URI does not have");
  }
  if (uri.find('#') != std::string_view::npos) return refuse("it has a fragment");
  const std::string scheme = scheme_of(uri);
  if (scheme == "https" || scheme == "http") {
    const auto url = net::parse_url(uri);
    if (!url) return refuse(url.error().message);
    if (!url->https && !is_one_of(url->host, kLoopbackHosts)) {
      return refuse("http leads to 127.0.0.1, [::1] or localhost only; elsewhere it is https");
    }
    return {};
  }
  if (!is_one_of(scheme, kApplicationSchemes) && !is_reversed_domain(scheme)) {
    return refuse("its scheme is neither https nor one that belongs to an application");
  }
  const std::string_view rest = uri.substr(scheme.size() + 1);
  if (!rest.starts_with('/')) return refuse("nothing that begins with a slash follows its scheme");
  if (rest.starts_with("//") &&
      rest.substr(2, rest.find_first_of("/?", 2) - 2).find('@') != std::string_view::npos) {
    return refuse("it must not hold a user name or password");
  }
  return {};
}

bool is_loopback_redirect(std::string_view uri) {
  return loopback_url(uri).has_value();
}

bool allows_redirect(std::span<const std::string> registered, std::string_view asked) {
  return std::any_of(registered.begin(), registered.end(),
                     [&](const std::string& uri) { return is_allowed_by(uri, asked); });
}

std::string redirect_host(std::string_view uri) {
  const auto url = net::parse_url(uri);
  return url ? url->host_header() : scheme_of(uri) + ":";
}

}  // namespace motion_mcp::auth
