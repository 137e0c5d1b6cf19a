#include "auth/authorization_request.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "auth/parameters.h"
#include "auth/redirect_rules.h"
#include "auth/tokens.h"
#include "base/percent_encode.h"
#include "net/url.h"

namespace motion_mcp::auth {
namespace {

// RFC 8707 section 2: may occur more than once.
constexpr std::string_view kResource = "resource";

Result<Client> find_client(std::span<const std::shared_ptr<const ClientSource>> sources,
                           std::string_view client_id, const std::stop_token& stop) {
  for (const auto& source : sources) {
    if (source->knows_kind(client_id)) return source->find(client_id, stop);
  }
  return Error{ErrorKind::invalid_argument, "this server knows no clients of this kind"};
}

// SHA-256 in base64url (RFC 7636 section 4.2).
bool is_s256_challenge(std::string_view text) {
  constexpr std::size_t kDigits = 43;
  constexpr std::string_view kAllowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.size() == kDigits && text.find_first_not_of(kAllowed) == std::string_view::npos;
}

std::optional<OAuthError> find_fault(const Parameters& parameters, const Deployment& deployment) {
  if (parameters.repeated(kResource)) {
    return OAuthError{"invalid_request", "a parameter is there twice"};
  }
  const std::string_view type = parameters.get("response_type");
  if (type.empty()) return OAuthError{"invalid_request", "response_type is missing"};
  if (type != "code") {
    return OAuthError{"unsupported_response_type", "response_type must be code"};
  }
  const std::string_view mode = parameters.get("response_mode");
  if (!mode.empty() && mode != "query") {
    return OAuthError{"invalid_request", "response_mode must be query"};
  }
  if (parameters.get("code_challenge_method") != "S256") {
    return OAuthError{"invalid_request", "PKCE is required: code_challenge_method must be S256"};
  }
  if (!is_s256_challenge(parameters.get("code_challenge"))) {
    return OAuthError{"invalid_request",
                      "code_challenge must be a SHA-256 in base64url, 43 characters"};
  }
  const auto resources = parameters.all(kResource);
  const bool are_ours = std::all_of(resources.begin(), resources.end(), [&](std::string_view uri) {
    return uri.empty() || deployment.is_resource(uri);
  });
  if (!are_ours) {
    return OAuthError{"invalid_target", "resource must be " + deployment.resource()};
  }
  return std::nullopt;
}

std::string with_query(std::string_view uri, std::string_view query) {
  std::string text(uri);
  text += uri.find('?') == std::string_view::npos ? '?' : '&';
  text += query;
  return text;
}

std::string tail(std::string_view issuer, std::string_view state) {
  std::string text = "&iss=" + base::percent_encode(issuer);
  if (!state.empty()) text += "&state=" + base::percent_encode(state);
  return text;
}

std::string host_of_document(const Client& client) {
  if (client.source != Client::Source::metadata_document) return {};
  const auto url = net::parse_url(client.id);
  return url ? url->host_header() : std::string();
}

}  // namespace

JudgedRequest judge_authorization_request(
    std::string_view query, const Deployment& deployment,
    std::span<const std::shared_ptr<const ClientSource>> sources, const std::stop_token& stop) {
  const auto parameters = Parameters::parse(query);
  if (!parameters) return UntrustedRequest{400, parameters.error().message, {}};
  const auto client_ids = parameters->all("client_id");
  const auto redirects = parameters->all("redirect_uri");
  if (client_ids.size() != 1 || client_ids.front().empty()) {
    return UntrustedRequest{400, "the request does not name one client_id", {}};
  }
  if (redirects.size() != 1 || redirects.front().empty()) {
    return UntrustedRequest{400, "the request does not name one redirect_uri", {}};
  }
  const auto client = find_client(sources, client_ids.front(), stop);
  if (!client) {
    const int status = client.error().kind == ErrorKind::unavailable ? 503 : 400;
    return UntrustedRequest{status, client.error().message, client.error().next_step};
  }
  const std::string_view redirect_uri = redirects.front();
  // The rules once more: what a loopback URI may differ in is only its port.
  if (!check_redirect_uri(redirect_uri) || !allows_redirect(client->redirect_uris, redirect_uri)) {
    return UntrustedRequest{
        400, "the redirect_uri is none of those that the client registered", {}};
  }

  const std::string name = client->name.empty() ? redirect_host(redirect_uri) : client->name;
  FaultyRequest faulty{name, std::string(redirect_uri), std::string(parameters->get("state")), {}};
  if (auto fault = find_fault(*parameters, deployment)) {
    faulty.error = *std::move(fault);
    return faulty;
  }
  const auto asked = parse_scope(parameters->get("scope"));
  if (!asked) {
    faulty.error = {"invalid_scope", asked.error().message};
    return faulty;
  }
  PendingRequest request;
  request.client_id = digest_of(client->id);
  request.client_name = name;
  request.client_host = host_of_document(*client);
  request.redirect_uri = faulty.redirect_uri;
  request.challenge = parameters->get("code_challenge");
  request.state = faulty.state;
  request.scope = asked->scope;
  request.may_refresh = client->may_refresh || asked->is_offline;
  return request;
}

std::string redirect_with_code(std::string_view redirect_uri, std::string_view issuer,
                               std::string_view state, std::string_view code) {
  return with_query(redirect_uri, "code=" + base::percent_encode(code) + tail(issuer, state));
}

std::string redirect_with_error(std::string_view redirect_uri, std::string_view issuer,
                                std::string_view state, const OAuthError& error) {
  return with_query(redirect_uri,
                    "error=" + base::percent_encode(error.code) + "&error_description=" +
                        base::percent_encode(error.description) + tail(issuer, state));
}

}  // namespace motion_mcp::auth
