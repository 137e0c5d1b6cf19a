#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "auth/client_source.h"
#include "auth/deployment.h"
#include "auth/grant_store.h"
#include "auth/oauth_error.h"
#include "auth/parameters.h"
#include "auth/tokens.h"
#include "base/json_value.h"

namespace motion_mcp::auth {

// Codes and refresh tokens for access tokens (OAuth 2.1 sections 3.2, 4.1.3 and 4.3), and the end
// of them (RFC 7009). Thread-safe. What it is given must outlive it.
class TokenEndpoint {
 public:
  // An answer that was lost on its way is asked for again: so long after its use a refresh token
  // still gives another. Later that is somebody's copy, and ends the grant.
  static constexpr std::chrono::seconds kGrace{60};

  TokenEndpoint(const Deployment& deployment, const Tokens& tokens, GrantStore& grants,
                const ClientSource& registered, const base::Clock& clock)
      : deployment_(deployment),
        tokens_(tokens),
        grants_(grants),
        registered_(registered),
        clock_(clock) {}

  // The token response, or the error. May block on the store.
  [[nodiscard]] std::variant<Json, OAuthError> exchange(const Parameters& request) const;

  // Ends the grant that a token is of, and with it all its tokens. A token that is none, or no
  // longer, is no error. Nullopt when done. May block on the store.
  [[nodiscard]] std::optional<OAuthError> revoke(const Parameters& request) const;

 private:
  using Answer = std::variant<Json, OAuthError>;

  [[nodiscard]] Answer exchange_code(const Parameters& request) const;
  [[nodiscard]] Answer exchange_refresh(const Parameters& request) const;
  [[nodiscard]] OAuthError refuse(std::string_view client_id, std::string why) const;
  [[nodiscard]] OAuthError end(const Grant& grant) const;
  [[nodiscard]] Json answer(const Grant& grant, Scope scope) const;
  [[nodiscard]] Json with_refresh(Json answer, const Grant& grant, std::int64_t generation) const;

  const Deployment& deployment_;
  const Tokens& tokens_;
  GrantStore& grants_;
  const ClientSource& registered_;
  const base::Clock& clock_;
};

}  // namespace motion_mcp::auth
