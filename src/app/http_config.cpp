#include "app/http_config.h"

#include <algorithm>
#include <utility>

#include "app/local_file.h"
#include "base/redact.h"
#include "base/text.h"
#include "net/ascii.h"
#include "net/url.h"
#include "transport/http_access.h"

namespace motion_mcp::app {
namespace {

constexpr std::size_t kMaxTokenFileBytes = 4096;
constexpr std::size_t kMinTokenBytes = 16;
constexpr std::size_t kMegabyte = 1024UL * 1024;

Result<std::string> read_endpoint_token(const SettingReader& reader) {
  Setting token;
  if (auto value = reader.variable("MOTION_ENDPOINT_TOKEN")) {
    token = {*std::move(value), "MOTION_ENDPOINT_TOKEN"};
  } else if (const auto file = reader.flag("endpoint-token-file")) {
    token = {TRY(read_local_file(file->text, kMaxTokenFileBytes)), file->source};
  } else {
    return std::string();
  }
  token.text.erase(token.text.find_last_not_of(" \t\r\n") + 1);
  base::add_secret(token.text);
  if (token.text.size() < kMinTokenBytes || token.text.starts_with("motion_") ||
      !transport::is_bearer(token.text)) {
    return Error{ErrorKind::invalid_argument,
                 "the endpoint token (" + token.source +
                     ") must have at least 16 characters, letters, digits and -._~+/= alone, and "
                     "not begin with motion_"};
  }
  return token.text;
}

// "mcp.example.org", "[::1]:8080": what a Host header may say. Nullopt for what none ever says.
std::optional<std::string> as_authority(std::string text) {
  if (text.ends_with('/')) text.pop_back();
  if (text.find_first_of("/?#") != std::string::npos || text.ends_with(':')) return std::nullopt;
  const auto url = net::parse_url("http://" + text);
  return url ? std::optional(net::to_lower(text)) : std::nullopt;
}

// As a browser writes it (RFC 6454 section 6.2). Pages of extensions and of editors have schemes of
// their own. Nullopt for what no page's Origin ever says, and for "null", which any page's may.
std::optional<std::string> as_origin(std::string text) {
  if (text.ends_with('/')) text.pop_back();
  const std::size_t scheme = text.find("://");
  if (scheme == std::string::npos || scheme == 0) return std::nullopt;
  if (text.find_first_of("/?#", scheme + 3) != std::string::npos) return std::nullopt;
  text = net::to_lower(text);
  const auto url = net::parse_url(text);
  if (url) return (url->https ? "https://" : "http://") + url->host_header();
  const bool is_other = !text.starts_with("https://") && !text.starts_with("http://");
  const bool is_plain = text.find_first_of(" @*\"") == std::string::npos;
  return is_other && is_plain && text.size() > scheme + 3 ? std::optional(text) : std::nullopt;
}

Result<std::vector<std::string>> read_places(const SettingReader& reader, const std::string& name,
                                             std::optional<std::string> (*written)(std::string),
                                             std::string_view expected) {
  std::vector<std::string> places;
  for (const std::string& item : reader.list(name)) {
    const auto place = written(item);
    if (!place) return bad_setting({item, reader.flag(name)->source}, expected);
    places.push_back(*place);
  }
  return places;
}

Result<base::AddressRanges> read_proxies(const SettingReader& reader) {
  base::AddressRanges ranges;
  for (const std::string& range : reader.list("trust-proxy")) TRY(ranges.add(range));
  return ranges;
}

// HOST=ADDRESS:PORT, the port left out for 443.
Result<std::map<std::string, auth::GuardedFetch::Place, std::less<>>> read_client_hosts(
    const SettingReader& reader) {
  std::map<std::string, auth::GuardedFetch::Place, std::less<>> places;
  for (const std::string& item : reader.list("oauth-client-host")) {
    const std::size_t equals = std::min(item.find('='), item.size());
    const auto host = net::parse_url("https://" + item.substr(0, equals));
    const auto place = net::parse_url("https://" + item.substr(std::min(equals + 1, item.size())));
    if (!host || !place || host->target != "/" || place->target != "/" ||
        !net::is_ip_address(place->host)) {
      return bad_setting({item, "--oauth-client-host"},
                         "HOST=ADDRESS:PORT, such as app.example.internal=10.1.2.3:443");
    }
    places[host->host] = {place->host, place->port};
  }
  return places;
}

Result<std::string> read_public_url(const SettingReader& reader) {
  const auto url = reader.flag("public-url");
  if (!url) return std::string();
  auto parsed = net::parse_url(url->text);
  if (!parsed || url->text.find_first_of("?#") != std::string::npos) {
    return bad_setting(*url, "a URL such as https://mcp.example.org");
  }
  while (parsed->target.ends_with('/')) parsed->target.pop_back();
  // As browsers and clients write it: they are compared with it byte for byte.
  return (parsed->https ? "https://" : "http://") + parsed->host_header() + parsed->target;
}

Result<std::chrono::milliseconds> read_seconds(const SettingReader& reader, const std::string& name,
                                               std::chrono::milliseconds fallback) {
  constexpr std::size_t kMostSeconds = 3600;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(fallback).count();
  const std::size_t given =
      TRY(reader.number(name, 1, kMostSeconds, static_cast<std::size_t>(seconds)));
  return std::chrono::milliseconds(std::chrono::seconds(given));
}

Result<void> read_limits(const SettingReader& reader, HttpConfig& config) {
  transport::HttpListenerOptions& listener = config.listener;
  auto& head = listener.request.head;
  head.bytes = TRY(reader.number("max-header-bytes", 1024, kMegabyte, head.bytes));
  head.headers = TRY(reader.number("max-headers", 10, 1000, head.headers));
  listener.request.body_bytes =
      TRY(reader.number("max-body-bytes", 1024, 64 * kMegabyte, listener.request.body_bytes));
  listener.connections = TRY(reader.number("max-connections", 1, 1'000'000, listener.connections));
  listener.streams = TRY(reader.number("max-streams", 0, 1'000'000, listener.streams));
  listener.request_time = TRY(read_seconds(reader, "request-timeout", listener.request_time));
  listener.idle_time = TRY(read_seconds(reader, "idle-timeout", listener.idle_time));
  listener.stall_time = TRY(read_seconds(reader, "stall-timeout", listener.stall_time));

  transport::Admission::Limits& admission = config.admission;
  admission.in_flight = TRY(reader.number("max-in-flight", 1, 100'000, admission.in_flight));
  admission.in_flight_per_owner =
      TRY(reader.number("max-in-flight-per-caller", 1, 100'000, admission.in_flight_per_owner));
  admission.paid_per_minute =
      TRY(reader.number("max-paid-per-minute", 1, 100'000, admission.paid_per_minute));
  return {};
}

}  // namespace

Result<HttpConfig> read_http_config(const SettingReader& reader) {
  HttpConfig config;
  config.shared_key = TRY(reader.boolean("shared-key"));
  config.oauth = TRY(reader.boolean("oauth"));
  config.oauth_client_hosts = TRY(read_client_hosts(reader));
  auto token = read_endpoint_token(reader);
  if (token) {
    config.endpoint_token = *std::move(token);
  } else {
    config.endpoint_token_problem = token.error();
  }
  config.allowed_hosts = TRY(read_places(reader, "allowed-host", as_authority,
                                         "names such as mcp.example.org or mcp.example.org:8443"));
  config.allowed_origins =
      TRY(read_places(reader, "allowed-origin", as_origin, "origins such as https://claude.ai"));
  config.public_url = TRY(read_public_url(reader));
  config.trusted_proxies = TRY(read_proxies(reader));
  config.tls_certificate_file = reader.text("tls-cert");
  config.tls_key_file = reader.text("tls-key");
  if (config.tls_certificate_file.empty() != config.tls_key_file.empty()) {
    return Error{ErrorKind::invalid_argument, "--tls-cert and --tls-key go together"};
  }
  config.admin_listen = TRY(reader.address("admin-listen"));
  config.access_log = TRY(reader.boolean("access-log", true));
  const auto drain = TRY(read_seconds(reader, "drain", config.drain));
  config.drain = std::chrono::duration_cast<std::chrono::seconds>(drain);
  TRY(read_limits(reader, config));
  return config;
}

}  // namespace motion_mcp::app
