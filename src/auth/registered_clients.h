#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "auth/client_source.h"
#include "auth/oauth_error.h"
#include "base/clock.h"
#include "base/json_value.h"
#include "base/seal.h"

namespace motion_mcp::auth {

// Dynamic client registration (RFC 7591). The client_id is the sealed registration: nothing is
// stored, however often a host registers, and replicas with the same keys know each other's
// clients. A registration does not expire; it ends with its seal key.
class RegisteredClients final : public ClientSource {
 public:
  static constexpr std::size_t kMaxRegistrationBytes = 16UL * 1024;
  // All redirect URIs together: the client_id travels in URLs.
  static constexpr std::size_t kMaxRedirectBytes = 2048;

  // `issuer` is whose clients they are. `clock` must outlive it.
  RegisteredClients(std::shared_ptr<const base::SealKeys> keys, std::string issuer,
                    const base::Clock& clock)
      : keys_(std::move(keys)), issuer_(std::move(issuer)), clock_(clock) {}

  // The answer to a registration request (section 3.2.1), or why it is refused. Never blocks.
  [[nodiscard]] std::variant<Json, OAuthError> add(std::string_view request) const;

  // Whatever is no URL.
  [[nodiscard]] bool knows_kind(std::string_view client_id) const override;
  // Never blocks.
  [[nodiscard]] Result<Client> find(std::string_view client_id,
                                    const std::stop_token& stop) const override;

 private:
  const std::shared_ptr<const base::SealKeys> keys_;
  const std::string issuer_;
  const base::Clock& clock_;
};

}  // namespace motion_mcp::auth
