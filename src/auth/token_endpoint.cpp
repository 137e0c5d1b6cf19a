#include "auth/token_endpoint.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace motion_mcp::auth {
namespace {

using Verdict = GrantStore::Use::Verdict;

OAuthError is_there_twice() {
  return {"invalid_request", "a parameter is there twice"};
}

OAuthError invalid_grant(std::string why) {
  return {"invalid_grant", std::move(why)};
}

OAuthError store_fault(const Error& error) {
  base::log_warning("the store of authorizations: " + error.message);
  return {"temporarily_unavailable", "the server cannot remember what is used; try again later",
          503};
}

// RFC 7636 section 4.1.
bool is_verifier(std::string_view text) {
  constexpr std::string_view kAllowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  return text.size() >= 43 && text.size() <= 128 &&
         text.find_first_not_of(kAllowed) == std::string_view::npos;
}

}  // namespace

TokenEndpoint::Answer TokenEndpoint::exchange(const Parameters& request) const {
  if (request.repeated("resource")) return is_there_twice();
  const std::string_view type = request.get("grant_type");
  if (type.empty()) return OAuthError{"invalid_request", "grant_type is missing"};
  if (type != "authorization_code" && type != "refresh_token") {
    return OAuthError{"unsupported_grant_type",
                      "grant_type must be authorization_code or refresh_token"};
  }
  if (request.get("client_id").empty()) {
    return OAuthError{"invalid_request", "client_id is missing"};
  }
  for (const std::string_view resource : request.all("resource")) {
    if (!resource.empty() && !deployment_.is_resource(resource)) {
      return OAuthError{"invalid_target", "resource must be " + deployment_.resource()};
    }
  }
  return type == "authorization_code" ? exchange_code(request) : exchange_refresh(request);
}

// A client that registered with keys that are gone has to register anew. It is asked only here: a
// token that is good names its client, also when it was sealed anew since.
OAuthError TokenEndpoint::refuse(std::string_view client_id, std::string why) const {
  if (registered_.knows_kind(client_id) && !registered_.find(client_id, {})) {
    return {"invalid_client", "this server has not registered such a client", 401};
  }
  return invalid_grant(std::move(why));
}

TokenEndpoint::Answer TokenEndpoint::exchange_code(const Parameters& request) const {
  const auto code = tokens_.open_code(request.get("code"));
  const std::string_view client_id = request.get("client_id");
  if (!code) return refuse(client_id, "the code is not one of this server, or its minute is over");
  if (code->grant.client != digest_of(client_id)) {
    return refuse(client_id, "the code was given to another client");
  }
  // OAuth 2.1 no longer sends it here; who does must mean the same one.
  const std::string_view redirect = request.get("redirect_uri");
  if (!redirect.empty() && digest_of(redirect) != code->redirect) {
    return invalid_grant("redirect_uri is not the one that the code was sent to");
  }
  const std::string_view verifier = request.get("code_verifier");
  if (!is_verifier(verifier) || digest_of(verifier) != code->challenge) {
    return invalid_grant("code_verifier does not fit the code_challenge (PKCE)");
  }
  const auto now = clock_.wall();
  const auto use = grants_.use(code->grant.id, 0, now, now + kRefreshLifetime);
  if (!use) return store_fault(use.error());
  if (use->verdict != Verdict::first) return end(code->grant);
  Json given = answer(code->grant, code->grant.scope);
  return code->may_refresh ? with_refresh(std::move(given), code->grant, 1) : given;
}

TokenEndpoint::Answer TokenEndpoint::exchange_refresh(const Parameters& request) const {
  const auto token = tokens_.open_refresh(request.get("refresh_token"));
  const std::string_view client_id = request.get("client_id");
  if (!token) return refuse(client_id, "the refresh token is not one of this server, or expired");
  if (token->grant.client != digest_of(client_id)) {
    return refuse(client_id, "the refresh token was given to another client");
  }
  const auto asked = parse_scope(request.get("scope"));
  if (!asked) return OAuthError{"invalid_scope", asked.error().message};
  Scope scope = token->grant.scope;
  if (!request.get("scope").empty()) {
    if (asked->scope == Scope::create && scope == Scope::read) {
      return OAuthError{"invalid_scope", "the person agreed to " + to_string(scope) + " alone"};
    }
    scope = asked->scope;
  }
  const auto now = clock_.wall();
  const auto use = grants_.use(token->grant.id, token->generation, now, now + kRefreshLifetime);
  if (!use) return store_fault(use.error());
  const bool is_lost_answer = use->verdict == Verdict::repeated && now - use->first_used <= kGrace;
  if (use->verdict != Verdict::first && !is_lost_answer) return end(token->grant);
  return with_refresh(answer(token->grant, scope), token->grant, token->generation + 1);
}

// Somebody has a copy of what was used: neither it nor what came of it is good any more (OAuth 2.1
// sections 4.1.3 and 4.3.1).
OAuthError TokenEndpoint::end(const Grant& grant) const {
  const auto now = clock_.wall();
  if (const auto ended = grants_.revoke(grant.id, now, now + kRefreshLifetime); !ended) {
    return store_fault(ended.error());
  }
  return invalid_grant("it was used before, so the authorization is ended: authorize anew");
}

Json TokenEndpoint::answer(const Grant& grant, Scope scope) const {
  Grant narrowed = grant;
  narrowed.scope = scope;
  return {{"access_token", tokens_.seal_access(narrowed)},
          {"token_type", "Bearer"},
          {"expires_in", std::chrono::seconds(kAccessLifetime).count()},
          {"scope", to_string(scope)}};
}

Json TokenEndpoint::with_refresh(Json answer, const Grant& grant, std::int64_t generation) const {
  answer["refresh_token"] = tokens_.seal(RefreshToken{grant, generation});
  return answer;
}

std::optional<OAuthError> TokenEndpoint::revoke(const Parameters& request) const {
  if (request.repeated("")) return is_there_twice();
  const std::string_view text = request.get("token");
  if (text.empty()) return OAuthError{"invalid_request", "token is missing"};
  std::optional<Grant> grant;
  if (auto refresh = tokens_.open_refresh(text)) {
    grant = std::move(refresh->grant);
  } else if (auto access = tokens_.open_access(text)) {
    grant = *std::move(access);
  }
  if (!grant) return std::nullopt;
  const std::string_view client_id = request.get("client_id");
  if (!client_id.empty() && grant->client != digest_of(client_id)) {
    return OAuthError{"invalid_client", "the token was given to another client", 401};
  }
  const auto now = clock_.wall();
  if (const auto ended = grants_.revoke(grant->id, now, now + kRefreshLifetime); !ended) {
    return store_fault(ended.error());
  }
  return std::nullopt;
}

}  // namespace motion_mcp::auth
