#include "auth/tokens.h"

#include <utility>

#include "auth/sealed_json.h"
#include "base/base64.h"
#include "base/digest.h"

namespace motion_mcp::auth {
namespace {

Json to_json(const Grant& grant) {
  return {{"grant", grant.id},
          {"client", grant.client},
          {"key", grant.api_key},
          {"create", grant.scope == Scope::create}};
}

// Throws Json::exception. What is left out allows nothing more.
Grant grant_from(const Json& members) {
  return {members.at("grant").get<std::string>(), members.at("client").get<std::string>(),
          members.at("key").get<std::string>(),
          members.value("create", false) ? Scope::create : Scope::read};
}

AuthorizationCode code_from(const Json& members) {
  return {grant_from(members), members.at("redirect").get<std::string>(),
          members.at("challenge").get<std::string>(), members.value("refresh", false)};
}

RefreshToken refresh_from(const Json& members) {
  return {grant_from(members), members.at("generation").get<std::int64_t>()};
}

}  // namespace

std::string digest_of(std::string_view text) {
  return base::encode_base64url(base::sha256(text));
}

std::string Tokens::seal(const AuthorizationCode& code) const {
  Json members = to_json(code.grant);
  members["redirect"] = code.redirect;
  members["challenge"] = code.challenge;
  members["refresh"] = code.may_refresh;
  return seal_json({*keys_, base::SealPurpose::code, audience_}, std::move(members),
                   clock_.wall() + kCodeLifetime);
}

std::string Tokens::seal(const RefreshToken& token) const {
  Json members = to_json(token.grant);
  members["generation"] = token.generation;
  return seal_json({*keys_, base::SealPurpose::refresh, audience_}, std::move(members),
                   clock_.wall() + kRefreshLifetime);
}

std::string Tokens::seal_access(const Grant& grant) const {
  return seal_json({*keys_, base::SealPurpose::access, audience_}, to_json(grant),
                   clock_.wall() + kAccessLifetime);
}

Result<AuthorizationCode> Tokens::open_code(std::string_view text) const {
  const Json members =
      TRY(open_json({*keys_, base::SealPurpose::code, audience_}, text, clock_.wall()));
  return read_members(members, code_from);
}

Result<RefreshToken> Tokens::open_refresh(std::string_view text) const {
  const Json members =
      TRY(open_json({*keys_, base::SealPurpose::refresh, audience_}, text, clock_.wall()));
  return read_members(members, refresh_from);
}

Result<Grant> Tokens::open_access(std::string_view text) const {
  const Json members =
      TRY(open_json({*keys_, base::SealPurpose::access, audience_}, text, clock_.wall()));
  return read_members(members, grant_from);
}

}  // namespace motion_mcp::auth
