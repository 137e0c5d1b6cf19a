#include "auth/consent_ticket.h"

#include <utility>

#include "auth/sealed_json.h"
#include "auth/tokens.h"
#include "base/base64.h"
#include "base/random.h"

namespace motion_mcp::auth {
namespace {

constexpr std::size_t kCookieBytes = 32;

bool is_cookie(std::string_view value) {
  const auto bytes = base::decode_base64url(value);
  return bytes && bytes->size() == kCookieBytes;
}

// Throws Json::exception.
PendingRequest request_from(const Json& members) {
  PendingRequest request;
  request.id = members.at("id").get<std::string>();
  request.until = expiry_of(members);
  request.client_id = members.at("client").get<std::string>();
  request.client_name = members.at("name").get<std::string>();
  request.client_host = members.at("host").get<std::string>();
  request.redirect_uri = members.at("redirect").get<std::string>();
  request.challenge = members.at("challenge").get<std::string>();
  request.state = members.at("state").get<std::string>();
  request.scope = members.at("create").get<bool>() ? Scope::create : Scope::read;
  request.may_refresh = members.at("refresh").get<bool>();
  request.unchecked_key = members.at("key").get<std::string>();
  return request;
}

}  // namespace

ConsentTickets::ConsentTickets(std::shared_ptr<const base::SealKeys> keys, std::string issuer,
                               const base::Clock& clock)
    : keys_(std::move(keys)), issuer_(std::move(issuer)), clock_(clock) {}

std::string ConsentTickets::choose_cookie(std::string_view present) {
  // A second page in the same browser must not make the form of the first one void.
  if (is_cookie(present)) return std::string(present);
  return base::encode_base64url(base::random_bytes(kCookieBytes));
}

std::string ConsentTickets::cookie_name() const {
  return issuer_.starts_with("https://") ? "__Host-motion-consent" : "motion-consent";
}

std::string ConsentTickets::set_cookie(std::string_view value) const {
  std::string text = cookie_name() + "=" + std::string(value) + "; Path=/; Max-Age=";
  text += std::to_string(std::chrono::seconds(kLifetime).count());
  text += "; HttpOnly; SameSite=Lax";
  if (issuer_.starts_with("https://")) text += "; Secure";
  return text;
}

std::string ConsentTickets::seal(const PendingRequest& request, std::string_view cookie) const {
  Json members = {{"id", request.id},
                  {"client", request.client_id},
                  {"name", request.client_name},
                  {"host", request.client_host},
                  {"redirect", request.redirect_uri},
                  {"challenge", request.challenge},
                  {"state", request.state},
                  {"create", request.scope == Scope::create},
                  {"refresh", request.may_refresh},
                  {"key", request.unchecked_key},
                  {"browser", digest_of(cookie)}};
  return seal_json({*keys_, base::SealPurpose::consent, issuer_}, std::move(members),
                   request.until);
}

Result<PendingRequest> ConsentTickets::open(std::string_view ticket,
                                            std::string_view cookie) const {
  const Json members =
      TRY(open_json({*keys_, base::SealPurpose::consent, issuer_}, ticket, clock_.wall()));
  const std::string browser = TRY(
      read_members(members, [](const Json& all) { return all.at("browser").get<std::string>(); }));
  // Digests are compared: how long that takes tells nothing about the cookie.
  if (!is_cookie(cookie) || browser != digest_of(cookie)) {
    return Error{ErrorKind::invalid_argument, "the form belongs to another browser"};
  }
  return read_members(members, request_from);
}

}  // namespace motion_mcp::auth
