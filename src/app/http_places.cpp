#include "app/http_places.h"

#include <arpa/inet.h>

#include <algorithm>
#include <utility>

#include "app/further_services.h"
#include "base/ip_address.h"
#include "net/url.h"

namespace motion_mcp::app {
namespace {

// What stands between "://" and the path.
std::string authority_of_url(const std::string& url) {
  const std::size_t begin = url.find("://") + 3;
  return url.substr(begin, url.find('/', begin) - begin);
}

std::string origin_of_url(const std::string& url) {
  return url.substr(0, url.find('/', url.find("://") + 3));
}

// The name in an authority of which the port may be left away.
std::string_view name_of(std::string_view authority) {
  if (authority.starts_with('[')) return authority.substr(1, authority.find(']') - 1);
  return authority.substr(0, authority.find(':'));
}

// Whom a server that only this machine reaches is handed on to, by a proxy; empty for nobody.
std::string beyond_this_machine(const HttpConfig& config) {
  if (!config.public_url.empty() && !is_loopback(name_of(authority_of_url(config.public_url)))) {
    return config.public_url;
  }
  const auto host =
      std::find_if(config.allowed_hosts.begin(), config.allowed_hosts.end(),
                   [](const std::string& allowed) { return !is_loopback(name_of(allowed)); });
  return host == config.allowed_hosts.end() ? std::string() : *host;
}

std::string scheme_of(const HttpConfig& config) {
  return config.tls_certificate_file.empty() ? "http://" : "https://";
}

// Clients leave a scheme's own port away (RFC 9110 section 4.2).
std::string own_authority(const HttpConfig& config, std::string_view name, std::uint16_t port) {
  const int usual_port = config.tls_certificate_file.empty() ? 80 : 443;
  std::string authority = authority_of(name, port);
  if (port == usual_port) authority.resize(authority.rfind(':'));
  return authority;
}

// Every address of the machine, in any way that getaddrinfo reads: "*", and numbers that are
// shorter than usual ("0").
bool is_everywhere(const std::string& host) {
  if (host == "*") return true;
  in_addr v4{};
  if (::inet_aton(host.c_str(), &v4) == 1) return v4.s_addr == INADDR_ANY;
  const auto address = base::parse_ip_address(host.substr(0, host.find('%')));
  return address && base::is_unspecified(*address);
}

Error refuse(std::string message, std::string next_step) {
  return Error{ErrorKind::invalid_argument, std::move(message), std::move(next_step)};
}

}  // namespace

bool is_loopback(std::string_view host) {
  return net::is_loopback_host(host);
}

std::string authority_of(std::string_view host, std::uint16_t port) {
  const bool is_v6 = host.find(':') != std::string_view::npos;
  return (is_v6 ? "[" + std::string(host) + "]" : std::string(host)) + ":" + std::to_string(port);
}

Result<std::string> issuer_url(const HttpConfig& config, const ListenAddress& listen,
                               std::uint16_t port) {
  if (config.shared_key) {
    return refuse("--oauth asks every user for a key, --shared-key gives everybody the same",
                  "Leave one of the two away.");
  }
  const std::string& url = config.public_url;
  if (url.empty()) {
    if (!is_loopback(listen.host)) {
      return refuse("--oauth on " + listen.host + " needs the https URL that callers use",
                    "Give it with --public-url, such as https://mcp.example.org.");
    }
    return scheme_of(config) + own_authority(config, listen.host, port);
  }
  if (origin_of_url(url) != url) {
    return refuse("--oauth with a path in --public-url (" + url +
                      ") would not be found: clients look for its metadata at the host's root",
                  "Give the server a host name of its own.");
  }
  if (!url.starts_with("https://") && !is_loopback(name_of(authority_of_url(url)))) {
    return refuse("--oauth needs https, and --public-url is " + url,
                  "Let a proxy speak TLS, or give --tls-cert and --tls-key.");
  }
  return url;
}

Result<transport::HttpAccess> make_access(const HttpConfig& config, const ListenAddress& listen,
                                          std::uint16_t port, const std::string& shared_key) {
  if (config.endpoint_token_problem) return *config.endpoint_token_problem;
  const bool is_local = is_loopback(listen.host);
  if (config.shared_key && shared_key.empty()) {
    return refuse("--shared-key is set, but this server has no Motion key to share",
                  "Set MOTION_API_KEY or MOTION_API_KEY_FILE.");
  }
  const std::string reached_at = is_local ? beyond_this_machine(config) : listen.host;
  if (config.shared_key && !reached_at.empty() && config.endpoint_token.empty()) {
    return refuse(
        "--shared-key on " + reached_at + " would let anybody who reaches it spend your credits",
        "Set MOTION_ENDPOINT_TOKEN or --endpoint-token-file, or serve 127.0.0.1 alone.");
  }
  if (!config.shared_key && !config.endpoint_token.empty()) {
    return refuse("an endpoint token is set, but it opens nothing without --shared-key",
                  "Add --shared-key, or leave the token away.");
  }
  transport::HttpAccess access;
  access.hosts = config.allowed_hosts;
  access.origins = config.allowed_origins;
  const auto add_own = [&](std::string_view name) {
    access.hosts.push_back(own_authority(config, name, port));
    // A page of this server's own.
    access.origins.push_back(scheme_of(config) + access.hosts.back());
  };
  if (!config.public_url.empty()) access.hosts.push_back(authority_of_url(config.public_url));
  if (is_local) {
    for (const std::string_view name : {"127.0.0.1", "localhost", "::1"}) add_own(name);
  } else if (!is_everywhere(listen.host)) {
    add_own(listen.host);
  }
  if (access.hosts.empty()) {
    return refuse("listening on " + listen.host + " says nothing about the names of this server",
                  "Say how callers reach it, with --public-url or --allowed-host.");
  }
  if (!config.public_url.empty()) access.origins.push_back(origin_of_url(config.public_url));
  if (config.shared_key) access.shared_key = shared_key;
  access.endpoint_token = config.endpoint_token;
  access.further = credential_headers();
  return access;
}

}  // namespace motion_mcp::app
