#include "auth/redirect_rules.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "auth/parameters.h"
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

// A loopback URI as it is written but for its port; nullopt for any other.
std::optional<std::string> without_port(std::string_view uri) {
  for (const std::string_view place : {"http://127.0.0.1", "http://[::1]", "http://localhost"}) {
    if (!uri.starts_with(place)) continue;
    std::string_view rest = uri.substr(place.size());
    if (rest.starts_with(':')) {
      const std::size_t end = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
      if (end == 1) return std::nullopt;
      rest.remove_prefix(end);
    }
    if (!rest.empty() && rest.front() != '/' && rest.front() != '?') return std::nullopt;
    return std::string(place).append(rest);
  }
  return std::nullopt;
}

bool is_allowed_by(std::string_view registered, std::string_view asked) {
  if (registered == asked) return true;
  const auto place = without_port(registered);
  return place && place == without_port(asked);
}

// Our answer adds these to the query; there twice, it would be read in two ways.
Result<void> check_query(std::string_view query) {
  const auto parameters = Parameters::parse(query);
  if (!parameters) return refuse("its query is not encoded as a form is");
  for (const char* name : {"code", "state", "iss", "error", "error_description"}) {
    if (!parameters->all(name).empty()) {
      return refuse("its query holds " + std::string(name) + ", which the answer brings");
    }
  }
  return {};
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
  const std::size_t mark = uri.find('?');
  if (mark != std::string_view::npos) TRY(check_query(uri.substr(mark + 1)));
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

bool allows_redirect(std::span<const std::string> registered, std::string_view asked) {
  return std::any_of(registered.begin(), registered.end(),
                     [&](const std::string& uri) { return is_allowed_by(uri, asked); });
}

std::string redirect_host(std::string_view uri) {
  const auto url = net::parse_url(uri);
  return url ? url->host_header() : scheme_of(uri) + ":";
}

}  // namespace motion_mcp::auth
