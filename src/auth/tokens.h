#pragma once

// The codes and tokens that are handed out: sealed (base/seal.h), so that nothing is stored and any
// replica with the same keys opens them, and nobody else reads the Motion key within.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "auth/scope.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/seal.h"

namespace motion_mcp::auth {

inline constexpr std::chrono::seconds kCodeLifetime{60};
inline constexpr std::chrono::minutes kAccessLifetime{30};
inline constexpr std::chrono::hours kRefreshLifetime{30 * 24};  // begins anew with every refresh

// What a person agreed to.
struct Grant {
  std::string id;      // random; what GrantStore knows it by
  std::string client;  // digest_of its id
  std::string api_key;
  Scope scope = Scope::read;
};

struct AuthorizationCode {
  Grant grant;
  std::string redirect;   // digest_of the redirect URI
  std::string challenge;  // RFC 7636 section 4.2, S256
  bool may_refresh = false;
};

struct RefreshToken {
  Grant grant;
  std::int64_t generation = 1;
};

// Client ids and redirect URIs may be long; a token holds their SHA-256 in base64url.
std::string digest_of(std::string_view text);

// Thread-safe; never blocks. Whatever is expired, of another kind, for another audience, altered or
// of unknown keys is invalid_argument alike.
class Tokens {
 public:
  // `audience` is the resource that the tokens are for (RFC 8707). `clock` must outlive it.
  Tokens(std::shared_ptr<const base::SealKeys> keys, std::string audience, const base::Clock& clock)
      : keys_(std::move(keys)), audience_(std::move(audience)), clock_(clock) {}

  [[nodiscard]] std::string seal(const AuthorizationCode& code) const;
  [[nodiscard]] std::string seal(const RefreshToken& token) const;
  [[nodiscard]] std::string seal_access(const Grant& grant) const;

  [[nodiscard]] Result<AuthorizationCode> open_code(std::string_view text) const;
  [[nodiscard]] Result<RefreshToken> open_refresh(std::string_view text) const;
  [[nodiscard]] Result<Grant> open_access(std::string_view text) const;

 private:
  const std::shared_ptr<const base::SealKeys> keys_;
  const std::string audience_;
  const base::Clock& clock_;
};

}  // namespace motion_mcp::auth
