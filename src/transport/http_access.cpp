#include "transport/http_access.h"

#include <algorithm>
#include <utility>

#include "base/secret.h"
#include "transport/http_error.h"

namespace motion_mcp::transport {
namespace {

constexpr std::string_view kMotionKeyPrefix = "motion_";

// An authority without its port (RFC 3986 section 3.2; IPv6 in brackets).
std::string_view host_of(std::string_view authority) {
  const std::size_t colon = authority.rfind(':');
  const bool has_port =
      colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
  return has_port ? authority.substr(0, colon) : authority;
}

bool is_allowed_host(const HttpAccess& access, std::string_view host) {
  return std::any_of(access.hosts.begin(), access.hosts.end(), [&](const std::string& allowed) {
    const bool is_any_port = host_of(allowed).size() == allowed.size();
    return equals_ignoring_case(is_any_port ? host_of(host) : host, allowed);
  });
}

bool is_allowed_origin(const HttpAccess& access, std::string_view origin) {
  return std::find(access.origins.begin(), access.origins.end(), origin) != access.origins.end();
}

// RFC 6750 section 3, with where the authorization server is (RFC 9728 section 5.1). `error` is
// empty when there was no token to find fault with, `description` when the error says it all.
std::string challenge(const HttpAccess& access, std::string_view error,
                      std::string_view description = {}) {
  std::vector<std::string> parameters;
  if (!error.empty()) parameters.push_back("error=\"" + std::string(error) + "\"");
  if (!description.empty()) {
    parameters.push_back("error_description=\"" + std::string(description) + "\"");
  }
  if (access.tokens) {
    parameters.push_back("resource_metadata=\"" + access.tokens->metadata_url + "\"");
    parameters.push_back("scope=\"" + access.tokens->all_scopes + "\"");
  }
  std::string text = "Bearer";
  for (std::size_t i = 0; i < parameters.size(); ++i) text += (i == 0 ? " " : ", ") + parameters[i];
  return text;
}

HttpReply refuse_credential(const HttpAccess& access, std::string_view error, std::string_view why,
                            int status = 401) {
  HttpReply reply = http_error(status, why);
  reply.headers.emplace_back("WWW-Authenticate", challenge(access, error));
  return reply;
}

// Its case does not matter (RFC 9110 section 11.1).
bool has_bearer_scheme(std::string_view authorization) {
  return equals_ignoring_case(authorization.substr(0, authorization.find(' ')), "Bearer");
}

// The token of "Bearer <token>".
std::optional<std::string_view> bearer_of(std::string_view authorization) {
  constexpr std::string_view kScheme = "Bearer ";
  if (authorization.size() <= kScheme.size()) return std::nullopt;
  const std::string_view token = authorization.substr(kScheme.size());
  return is_bearer(token) ? std::optional(token) : std::nullopt;
}

// A key as a header may carry it: visible ASCII (RFC 9110 section 5.5).
bool is_sendable_key(std::string_view key) {
  return std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

}  // namespace

bool is_bearer(std::string_view token) {
  constexpr std::string_view kAllowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=";
  return !token.empty() && token.find_first_not_of(kAllowed) == std::string_view::npos;
}

std::optional<HttpReply> refuse_host(const HttpAccess& access, const HttpRequest& request) {
  const HeaderValue host = find_header(request.headers, "Host");
  if (host.count != 1) return http_error(400, "A request names exactly one Host");
  if (!is_allowed_host(access, host.value)) {
    return http_error(403,
                      "This Host is not served here; the operator allows it with --allowed-host");
  }
  return std::nullopt;
}

std::optional<HttpReply> refuse_place(const HttpAccess& access, const HttpRequest& request) {
  if (auto refusal = refuse_host(access, request)) return refusal;
  const HeaderValue origin = find_header(request.headers, "Origin");
  if (origin.count == 0) return std::nullopt;
  if (origin.count > 1 || !is_allowed_origin(access, origin.value)) {
    return http_error(403,
                      "This Origin is not allowed; the operator allows it with --allowed-origin");
  }
  return std::nullopt;
}

namespace {

// The caller by the Authorization header alone.
std::variant<HttpCaller, HttpReply> authorize(const HttpAccess& access,
                                              const HttpRequest& request) {
  const HeaderValue header = find_header(request.headers, "Authorization");
  if (header.count > 1) return http_error(400, "A request has one Authorization header at most");
  const bool shares_freely = !access.shared_key.empty() && access.endpoint_token.empty();
  if (header.count == 0) {
    if (shares_freely) return HttpCaller{{access.shared_key}};
    return refuse_credential(
        access, {},
        access.tokens ? "Authorize in the browser, or send your Motion API key as \"Authorization: "
                        "Bearer motion_...\""
                      : "Send your Motion API key as \"Authorization: Bearer motion_...\"");
  }
  constexpr std::string_view kForm = "The Authorization header must be \"Bearer <token>\"";
  // Of another scheme there is no token to find fault with.
  if (!has_bearer_scheme(header.value)) return refuse_credential(access, {}, kForm);
  const auto token = bearer_of(header.value);
  if (!token) return refuse_credential(access, "invalid_request", kForm, 400);
  if (token->starts_with(kMotionKeyPrefix)) return HttpCaller{{std::string(*token)}};
  if (!access.endpoint_token.empty() && !access.shared_key.empty() &&
      base::equals_in_constant_time(*token, access.endpoint_token)) {
    return HttpCaller{{access.shared_key}};
  }
  if (access.tokens) {
    if (auto caller = access.tokens->open(*token)) return *std::move(caller);
    return refuse_credential(access, "invalid_token",
                             "The access token is expired, revoked or not of this server: refresh "
                             "it, or authorize anew");
  }
  return refuse_credential(
      access, "invalid_token",
      "The bearer token is not valid here; a Motion API key begins with motion_");
}

}  // namespace

std::variant<HttpCaller, HttpReply> identify(const HttpAccess& access, const HttpRequest& request) {
  auto identified = authorize(access, request);
  auto* identity = std::get_if<HttpCaller>(&identified);
  if (identity == nullptr) return identified;
  for (const CredentialHeader& further : access.further) {
    const HeaderValue key = find_header(request.headers, further.header);
    if (key.count > 1) return http_error(400, "A request has one " + further.header + " at most");
    if (!is_sendable_key(key.value)) return http_error(400, further.header + " is not a key");
    if (!key.value.empty()) identity->caller.further.emplace(further.credential, key.value);
  }
  return identified;
}

HttpReply refuse_scope(const HttpAccess& access, const std::optional<jsonrpc::Id>& id) {
  HttpReply reply = http_error(
      403,
      "This call spends credits, and the authorization does not cover that. It was not run and "
      "nothing was spent: authorize anew for the scopes " +
          access.tokens->all_scopes,
      jsonrpc::Code::invalid_request, id);
  reply.headers.emplace_back(
      "WWW-Authenticate",
      challenge(access, "insufficient_scope", "the token does not cover calls that spend credits"));
  return reply;
}

std::string allowed_headers(const HttpAccess& access) {
  std::string names =
      "Accept, Authorization, Content-Type, Last-Event-ID, MCP-Protocol-Version, Mcp-Method, "
      "Mcp-Name, Mcp-Session-Id";
  for (const CredentialHeader& further : access.further) names += ", " + further.header;
  return names;
}

HttpHeaders cors_headers(const HttpAccess& access, const HttpRequest& request) {
  const HeaderValue origin = find_header(request.headers, "Origin");
  if (origin.count != 1 || !is_allowed_origin(access, origin.value)) return {};
  return {{"Access-Control-Allow-Origin", std::string(origin.value)},
          {"Access-Control-Expose-Headers", "WWW-Authenticate, Mcp-Session-Id, Retry-After"},
          {"Vary", "Origin"}};
}

}  // namespace motion_mcp::transport
