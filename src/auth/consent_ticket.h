#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "auth/client.h"
#include "auth/scope.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/seal.h"

namespace motion_mcp::auth {

// An authorization request that was found good and waits for a person.
struct PendingRequest {
  std::string id;         // random; what GrantStore knows it by, so that it yields one grant
  base::WallTime until;   // every form of it ends then, also one that is shown again later
  std::string client_id;  // digest_of (tokens.h) it
  std::string client_name;
  std::string client_host;  // of a metadata document's URL; empty for a client that registered
  std::string redirect_uri;
  std::string challenge;
  std::string state;  // the client's; empty when it gave none
  Scope scope = Scope::create;
  bool may_refresh = false;
  // The key that the service could not be asked about, while the person decides whether to go on
  // with it.
  std::string unchecked_key;
};

// Keeps a request in the page's form, sealed and bound to the browser: the form is good only
// together with the cookie that came with it, so that no other site can have it sent (CSRF).
// Thread-safe; never blocks.
class ConsentTickets {
 public:
  static constexpr std::chrono::minutes kLifetime{10};  // from the first page of a request

  // `clock` must outlive it.
  ConsentTickets(std::shared_ptr<const base::SealKeys> keys, std::string issuer,
                 const base::Clock& clock);

  // A value for the cookie: the one that the browser has, if it is one of ours by its form.
  [[nodiscard]] static std::string choose_cookie(std::string_view present);
  // The name and the attributes around it. Over https the name has the prefix __Host- (RFC 6265bis
  // section 4.1.3.2), which no other host and no plain http can set; browsers take neither that nor
  // Secure over the plain http of a server on loopback.
  [[nodiscard]] std::string cookie_name() const;
  [[nodiscard]] std::string set_cookie(std::string_view value) const;

  // Good until `request.until`.
  [[nodiscard]] std::string seal(const PendingRequest& request, std::string_view cookie) const;
  // invalid_argument when it is not ours, too old, or the cookie is another's.
  [[nodiscard]] Result<PendingRequest> open(std::string_view ticket, std::string_view cookie) const;

 private:
  const std::shared_ptr<const base::SealKeys> keys_;
  const std::string issuer_;
  const base::Clock& clock_;
};

}  // namespace motion_mcp::auth
