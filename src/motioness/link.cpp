#include "motioness/link.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>
#include <utility>

#include "base/base64.h"
#include "base/hmac.h"
#include "base/percent_encode.h"
#include "net/ascii.h"
#include "net/url.h"

namespace motion_mcp::motioness {
namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kVersion = "/v1/";
constexpr std::string_view kWait = "wait_ms";
constexpr std::string_view kExpiry = "exp";
constexpr std::string_view kSignature = "sig";

Error bad_source(std::string message) {
  return {ErrorKind::invalid_argument, "source_url " + std::move(message),
          "Correct source_url, then call build_motion_url again."};
}

Error bad_link(std::string message) {
  return {ErrorKind::invalid_argument, "url " + std::move(message),
          "Pass the url that build_motion_url returned."};
}

std::string_view extension_of(Format format) {
  return format == Format::mp4 ? ".mp4" : ".jpg";
}

// --- the source in a path ------------------------------------------------------------------------

// What may stand in a path as it is (RFC 3986 section 3.3: pchar and "/").
bool is_path_character(char c) {
  constexpr std::string_view kMarks = "-._~!$&'()*+,;=:@/";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         kMarks.find(c) != std::string_view::npos;
}

// [guess] No page says how allowlist URLs carry a source with a query. Percent-encoded once, with
// "?" and "%", it is what a proxy gets back that decodes its path once; a source without a query
// stands as it is written, which is what the vendor's examples show.
std::string allowlist_source(std::string_view without_scheme) {
  const bool is_encoded_whole = has_query(without_scheme);
  std::string source;
  for (const char c : without_scheme) {
    const bool stays = is_path_character(c) || (c == '%' && !is_encoded_whole);
    if (stays) {
      source += c;
    } else {
      source += base::percent_encode({&c, 1});
    }
  }
  return source;
}

// Segments that a URL parser resolves (WHATWG URL section 4.2): with them the URL would lead to
// another project, or out of the proxy.
bool has_dot_segment(std::string_view path) {
  constexpr std::array<std::string_view, 6> kDots = {".", "%2e", "..", ".%2e", "%2e.", "%2e%2e"};
  path = path.substr(0, path.find('?'));
  while (!path.empty()) {
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), segment.size() + 1));
    const std::string lower = net::to_lower(segment);
    if (std::find(kDots.begin(), kDots.end(), lower) != kDots.end()) return true;
  }
  return false;
}

// guides/signed-urls. [guess] The case of the digits: the examples are lower case.
std::string signature_of(const Project& project, std::string_view source_url,
                         std::string_view expiry) {
  std::string message = project.key + ":";
  message.append(source_url).append(":").append(expiry);
  return base::hmac_sha256_hex(project.signing_secret, message);
}

// --- parameters ----------------------------------------------------------------------------------

Parameters parameters_of(const AssetSpec& spec) {
  Parameters parameters;
  const auto add = [&](const char* name, const std::optional<std::string>& value) {
    if (value) parameters.emplace_back(name, *value);
  };
  const auto add_number = [&](const char* name, const std::optional<std::int64_t>& value) {
    if (value) parameters.emplace_back(name, std::to_string(*value));
  };
  add("motion", spec.motion);
  add("mode", spec.mode);
  add_number("dur", spec.dur);
  add("prompt", spec.prompt);
  add_number("seed", spec.seed);
  add("aspect", spec.aspect);
  add("idem", spec.idem);
  return parameters;
}

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// As a query is read (WHATWG URL section 5.1): "+" is a space, and a lone "%" itself.
std::string decode_query_part(std::string_view text) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool has_two_more = text.size() - at > 2;
    const int high = has_two_more ? digit_value(text[at + 1]) : -1;
    const int low = has_two_more ? digit_value(text[at + 2]) : -1;
    if (text[at] == '%' && high >= 0 && low >= 0) {
      decoded += static_cast<char>(high * 16 + low);
      at += 2;
    } else {
      decoded += text[at] == '+' ? ' ' : text[at];
    }
  }
  return decoded;
}

Parameters parse_query(std::string_view query) {
  Parameters parameters;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    std::string name = decode_query_part(pair.substr(0, equals));
    const std::string_view value = pair.substr(std::min(pair.size(), equals + 1));
    if (name != kWait) parameters.emplace_back(std::move(name), decode_query_part(value));
  }
  return parameters;
}

std::optional<base::WallTime> parse_expiry(const Parameters& parameters) {
  for (const auto& [name, value] : parameters) {
    if (name != kExpiry) continue;
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    const bool is_number = error == std::errc() && end == value.data() + value.size();
    if (is_number)
      return base::to_wall_time(std::chrono::sys_seconds(std::chrono::seconds(seconds)));
  }
  return std::nullopt;
}

}  // namespace

Result<Link> make_link(const Project& project, const AssetSpec& spec, Format format,
                       base::WallTime expires_at) {
  // A fragment never reaches a server.
  const std::string source_url = spec.source_url.substr(0, spec.source_url.find('#'));
  if (source_url.size() > kMaxSourceUrlBytes) {
    return bad_source("is longer than " + std::to_string(kMaxSourceUrlBytes) + " characters");
  }
  const auto parsed = net::parse_url(source_url);
  if (!parsed) return bad_source("cannot be used: " + parsed.error().message);
  const bool is_signed = !project.signing_secret.empty();
  if (!parsed->https && !is_signed) {
    return bad_source(
        "is plain http, and the URLs of a project that allows origins can only mean https");
  }

  Link link;
  link.format = format;
  link.parameters = parameters_of(spec);
  if (is_signed) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(expires_at);
    const std::string expiry = std::to_string(seconds.time_since_epoch().count());
    link.source = base::encode_base64url(source_url);
    link.expires_at = seconds;
    link.parameters.emplace_back(kExpiry, expiry);
    link.parameters.emplace_back(kSignature, signature_of(project, source_url, expiry));
  } else {
    if (has_dot_segment(source_url)) return bad_source("has a . or .. segment in its path");
    link.source = allowlist_source(std::string_view(source_url).substr(source_url.find("://") + 3));
  }
  const std::size_t path_bytes =
      kVersion.size() + project.key.size() + 1 + link.source.size() + extension_of(format).size();
  if (path_bytes > kMaxPathBytes) {
    return bad_source("is too long: the proxy takes paths of " + std::to_string(kMaxPathBytes) +
                      " characters");
  }
  return link;
}

Result<Link> parse_link(const Project& project, std::string_view url) {
  const auto parsed = net::parse_url(url);
  if (!parsed) return bad_link("is no URL: " + parsed.error().message);
  const net::Url proxy = TRY(net::parse_url(project.base_url));
  const std::string_view base_path = proxy.target == "/" ? "" : std::string_view(proxy.target);
  const std::string prefix = std::string(base_path) + std::string(kVersion);
  if (parsed->https != proxy.https || parsed->host != proxy.host || parsed->port != proxy.port ||
      !parsed->target.starts_with(prefix)) {
    return bad_link("is none of the Motioness proxy at " + project.base_url);
  }
  const std::string_view target = parsed->target;
  const std::string_view path = target.substr(0, target.find('?'));
  std::string_view source = path.substr(prefix.size());
  if (!source.starts_with(project.key + "/")) {
    return bad_link("is one of another project than this server's");
  }
  source.remove_prefix(project.key.size() + 1);

  Link link;
  for (const Format format : {Format::mp4, Format::jpg}) {
    if (!source.ends_with(extension_of(format))) continue;
    link.format = format;
    link.source = source.substr(0, source.size() - extension_of(format).size());
  }
  if (has_dot_segment(path)) return bad_link("has a . or .. segment in its path");
  if (link.source.empty()) return bad_link("names no source, or does not end in .mp4 or .jpg");
  if (path.size() - base_path.size() > kMaxPathBytes) return bad_link("is too long");
  link.parameters = parse_query(target.substr(std::min(target.size(), path.size() + 1)));
  link.expires_at = parse_expiry(link.parameters);
  return link;
}

std::string to_url(const Project& project, const Link& link) {
  return to_url(project, link, link.format, std::nullopt);
}

std::string to_url(const Project& project, const Link& link, Format format,
                   std::optional<std::chrono::milliseconds> wait) {
  std::string url = project.base_url;
  url.append(kVersion).append(project.key).append("/").append(link.source);
  url.append(extension_of(format));
  char separator = '?';
  const auto add = [&](std::string_view name, std::string_view value) {
    url += std::exchange(separator, '&');
    url += base::percent_encode(name) + "=" + base::percent_encode(value);
  };
  for (const auto& [name, value] : link.parameters) add(name, value);
  if (wait) add(kWait, std::to_string(std::min(*wait, kMaxWait).count()));
  return url;
}

std::string asset_identity(const Link& link) {
  Parameters parameters = link.parameters;
  std::sort(parameters.begin(), parameters.end());
  std::string identity = link.source;
  for (const auto& [name, value] : parameters) {
    if (name == kExpiry || name == kSignature) continue;
    identity += "\n" + base::percent_encode(name) + "=" + base::percent_encode(value);
  }
  return identity;
}

bool has_query(std::string_view source_url) {
  return source_url.substr(0, source_url.find('#')).find('?') != std::string_view::npos;
}

}  // namespace motion_mcp::motioness
