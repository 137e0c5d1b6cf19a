#pragma once

// The clients that describe themselves in a document of their own (client_document.h), fetched when
// they are asked for and kept for a while.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>

#include "auth/client.h"
#include "auth/client_source.h"
#include "auth/guarded_fetch.h"
#include "base/clock.h"
#include "base/result.h"

namespace motion_mcp::auth {

// Thread-safe.
class DocumentClients final : public ClientSource {
 public:
  struct Limits {
    std::size_t kept = 256;    // clients
    std::size_t failed = 256;  // URLs, and as many hosts, that are not asked again for a moment
    // At once; more callers are turned away. One slow host leaves the others room, and those who
    // wait for one URL leave the callers of others room.
    std::size_t fetches = 8;
    std::size_t fetches_per_host = 2;
    std::size_t waiters = 8;  // for a URL that another caller fetches
    // A good document is kept for as long as its host says, within these limits.
    std::chrono::seconds shortest{300};
    std::chrono::seconds usual{3600};  // when the host does not say
    std::chrono::seconds longest{86400};
    // How soon a URL is asked again that gave no acceptable document, and a host that was not
    // reached, whatever the URL. It is no cache of errors, which the draft forbids (section 6.3):
    // it keeps a stranger from making us ask somebody all the time.
    std::chrono::seconds hold_off{10};
  };

  // `fetch` and `clock` must outlive it.
  DocumentClients(DocumentFetch& fetch, const base::Clock& clock, Limits limits);
  DocumentClients(DocumentFetch& fetch, const base::Clock& clock);

  [[nodiscard]] bool knows_kind(std::string_view client_id) const override;

  // Fetches the document unless it is kept; a URL is fetched by one caller at a time, and the
  // others wait for what it brings.
  [[nodiscard]] Result<Client> find(std::string_view client_id,
                                    const std::stop_token& stop) const override;

 private:
  struct Kept {
    Result<Client> outcome;
    base::SteadyTime until;
    base::SteadyTime used;
  };
  using Table = std::map<std::string, Kept, std::less<>>;

  [[nodiscard]] const Result<Client>* look_up(std::string_view url, std::string_view host) const;
  [[nodiscard]] Result<void> wait_for_other(const std::string& url,
                                            std::unique_lock<std::mutex>& lock,
                                            const std::stop_token& stop) const;
  [[nodiscard]] bool may_fetch_from(std::string_view host) const;
  [[nodiscard]] Kept ask(const std::string& url, const std::stop_token& stop) const;
  void remember(const std::string& url, const std::string& host, const Kept& kept) const;
  static void keep(Table& table, std::size_t limit, const std::string& key, Kept kept);

  DocumentFetch& fetch_;
  const base::Clock& clock_;
  const Limits limits_;
  mutable std::mutex mutex_;
  mutable std::condition_variable_any fetched_;
  mutable Table clients_;
  mutable Table failures_;  // apart, so that nobody empties the other with URLs that lead nowhere
  mutable Table unreachable_;                                          // by host
  mutable std::map<std::string, std::string, std::less<>> under_way_;  // URLs with their hosts
  mutable std::map<std::string, std::size_t, std::less<>> waiting_;    // callers by URL
};

}  // namespace motion_mcp::auth
