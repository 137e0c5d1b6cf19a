#pragma once

// Reads a small JSON document from a place that a stranger named (a client's metadata,
// draft-ietf-oauth-client-id-metadata-document sections 6.5 and 6.6), so that the stranger gains
// nothing by it: no way into the operator's network, no large or slow transfer, no other place than
// the one that was named.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "auth/public_address.h"
#include "base/clock.h"
#include "base/result.h"
#include "net/resolver.h"
#include "net/tls.h"

namespace motion_mcp::auth {

struct FetchedDocument {
  std::string body;  // not yet parsed
  // How long it may be kept without asking again, by the answer's Cache-Control and Age (RFC 9111
  // section 4.2); nullopt when it says nothing.
  std::optional<std::chrono::seconds> fresh_for;
};

// Thread-safe.
class DocumentFetch {
 public:
  virtual ~DocumentFetch() = default;
  // Blocks. invalid_argument for a URL that is not fetched at all, unreachable when there is no
  // connection or certificate to trust, bad_response for anything but 200 with a JSON type within
  // the limits of size and time, unavailable when too much is under way here to ask anybody,
  // cancelled when `stop` was requested.
  virtual Result<FetchedDocument> fetch(const std::string& url, const std::stop_token& stop) = 0;
};

// The way out to strangers:
//  - https with the scheme's own port, no user information, no fragment;
//  - the name is looked up once, every address of it must be public (public_address.h), and the
//    connection goes to one of those addresses: a name that changes its mind gains nothing;
//  - the certificate must be the host's, TLS 1.2 or later;
//  - no proxy, no redirect, no cookie, no credential, no compression;
//  - a document of `bytes`, all of it within `time`;
//  - no more than kMaxLookUps look-ups at once, those that a fetch did not wait out among them.
// An error never says what the name's addresses are, or whether it has any: who asks may be after
// just that.
class GuardedFetch final : public DocumentFetch {
 public:
  // The system's resolver can go on for half a minute when a fetch has given it up. Eight fetches
  // at once that all wait in vain for it leave fewer behind.
  static constexpr std::size_t kMaxLookUps = 64;

  struct Limits {
    std::size_t bytes = 5UL * 1024;
    std::chrono::milliseconds time{5000};          // from the look-up to the last byte
    std::chrono::milliseconds connect_time{1500};  // for one of several addresses
  };
  struct Place {
    std::string address;
    std::uint16_t port = 443;
  };
  struct Options {
    Limits limits;
    // Hosts that the operator vouches for: where each is, public or not. The name is not looked up;
    // its certificate is checked all the same.
    std::map<std::string, Place, std::less<>> known_hosts;
    // Tests put their own in their place: loopback is not public, and 443 not theirs to listen on.
    std::function<net::Resolved(const std::string& host, base::SteadyTime deadline,
                                const std::stop_token& stop)>
        resolve = net::LimitedResolver(kMaxLookUps);
    std::function<bool(std::string_view address)> may_reach = is_public_address;
    std::uint16_t port = 443;
  };

  // `trust` must outlive it.
  GuardedFetch(net::TrustStore& trust, Options options)
      : trust_(trust), options_(std::move(options)) {}

  Result<FetchedDocument> fetch(const std::string& url, const std::stop_token& stop) override;

 private:
  net::TrustStore& trust_;
  const Options options_;
};

}  // namespace motion_mcp::auth
