#pragma once

// The authorization server without sockets: a request in, a reply out.

#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "auth/client_source.h"
#include "auth/consent_page.h"
#include "auth/consent_ticket.h"
#include "auth/deployment.h"
#include "auth/grant_store.h"
#include "auth/key_check.h"
#include "auth/rate_limit.h"
#include "auth/registered_clients.h"
#include "auth/token_endpoint.h"
#include "auth/tokens.h"
#include "base/http_message.h"
#include "base/seal.h"

namespace motion_mcp::auth {

// Thread-safe. Whether a request may come at all (its Host) is decided before, and that no reply
// may be kept (Cache-Control: no-store) is said after: the listener says it of every one.
class OAuthFront {
 public:
  static constexpr std::size_t kMaxBodyBytes = 32UL * 1024;

  struct Parts {
    std::string issuer;
    std::shared_ptr<const base::SealKeys> seal_keys;
    std::unique_ptr<GrantStore> grants;
    KeyCheck check_key;
    // Besides those that register. Clients whose id is a URL when there are any.
    std::vector<std::shared_ptr<const ClientSource>> sources;
  };

  // Per client address. A key that is tried is a request to the service, and one that is used
  // without a check counts as tried; a registration costs
  // nothing but time, and hosts register from few addresses for many users.
  static constexpr std::size_t kKeysPerMinute = 10;
  static constexpr std::size_t kPagesPerMinute = 60;
  static constexpr std::size_t kRegistrationsPerMinute = 120;

  // `clock` must outlive it.
  OAuthFront(Parts parts, const base::Clock& clock);

  // Whether requests to this path are ours.
  [[nodiscard]] static bool owns(std::string_view path);
  // Whether this one is answered without waiting for anything.
  [[nodiscard]] static bool is_quick(const base::HttpRequest& request);

  // Whether a person waits for the answer, in a browser.
  [[nodiscard]] static bool is_for_person(const base::HttpRequest& request);
  // The refusal of one that there is no place for: a page for a person, OAuth's own error
  // otherwise.
  [[nodiscard]] static base::HttpReply busy(const base::HttpRequest& request);

  // A refusal that the head alone deserves, so that the body is not taken in. Never blocks.
  [[nodiscard]] std::optional<base::HttpReply> refuse(const base::HttpRequest& head) const;
  // May block on the network and a disk, unless is_quick.
  [[nodiscard]] base::HttpReply serve(const base::HttpRequest& request,
                                      const std::stop_token& stop) const;

  // What an access token allows: the Motion key of who agreed and how far. Nullopt when it is none
  // of ours, expired or revoked. Never blocks.
  [[nodiscard]] std::optional<Grant> open_access(std::string_view token) const;

  [[nodiscard]] const Deployment& deployment() const { return deployment_; }

 private:
  [[nodiscard]] base::HttpReply show_consent(const base::HttpRequest& request,
                                             const std::stop_token& stop) const;
  [[nodiscard]] base::HttpReply take_consent(const base::HttpRequest& request,
                                             const std::stop_token& stop) const;
  [[nodiscard]] base::HttpReply decide(PendingRequest pending, const Parameters& form,
                                       const std::string& cookie, std::string_view client,
                                       const std::stop_token& stop) const;
  [[nodiscard]] base::HttpReply grant(const PendingRequest& pending, std::string api_key,
                                      Scope scope) const;
  [[nodiscard]] base::HttpReply ask_again(const PendingRequest& pending, const std::string& cookie,
                                          const ConsentNote& note) const;
  [[nodiscard]] base::HttpReply register_client(const base::HttpRequest& request) const;
  [[nodiscard]] base::HttpReply exchange(const base::HttpRequest& request) const;
  [[nodiscard]] base::HttpReply revoke(const base::HttpRequest& request) const;

  const base::Clock& clock_;
  const std::shared_ptr<const base::SealKeys> seal_keys_;
  const std::unique_ptr<GrantStore> grants_;
  const KeyCheck check_key_;
  const std::shared_ptr<const RegisteredClients> registered_;
  const std::vector<std::shared_ptr<const ClientSource>> sources_;  // registered_ among them
  const Deployment deployment_;
  const Tokens tokens_;
  const ConsentTickets tickets_;
  const TokenEndpoint token_endpoint_;
  mutable RateLimit keys_;
  mutable RateLimit pages_;
  mutable RateLimit registrations_;
};

}  // namespace motion_mcp::auth
