#pragma once

// The Motioness proxy (seed 003; docs.motioness.com) without sockets: what it
// answers, when, and what it generates. Where the vendor's pages are silent, the .cpp says what was
// chosen. It has no webhooks: those are set up per project, through a route that wants a person's
// session, so nothing here could ask for one.

#include <cstddef>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "sandbox/http.h"
#include "sandbox/job.h"
#include "sandbox/motioness_life.h"
#include "sandbox/motioness_url.h"

namespace motion_mcp::sandbox {

// A project whose key begins with this signs its URLs; every other one allows all origins.
inline constexpr std::string_view kSigningProjects = "pk_signed";
inline constexpr std::string_view kSandboxSigningSecret = "sandbox-signing-secret";

class MotionessApi {
 public:
  static constexpr std::string_view kPath = "/motioness/v1/";

  // `clock` must outlive the object. `speed` is vendor time per time of the clock, above 0.
  MotionessApi(const base::Clock& clock, double speed) : clock_(clock), speed_(speed) {}

  // Answers a request whose path begins with kPath, for as long as its wait_ms says, or until
  // `stop`. Thread-safe, as everything here.
  Reply handle(const Request& request, const std::stop_token& stop);

  // {"generations": [{asset_id, project, at}, oldest first], "totals": {"generations": 1, "gets":
  // 3}}: what was paid for, for tests to prove that it was so once.
  [[nodiscard]] Json ledger() const;

 private:
  struct Asset {
    std::string id;
    std::string project;
    AssetCase chosen = AssetCase::usual;
    std::string aspect;
    Now accepted;
  };
  class Events;

  Reply serve(const ProxyUrl& url, const std::stop_token& stop);
  [[nodiscard]] Reply show(const Asset& asset, const AssetMoment& moment) const;
  Reply events(const Request& request, std::string_view project, std::string_view id) const;
  std::optional<Reply> refuse(AssetCase chosen, const ProxyUrl& url);
  Asset find_or_start(const ProxyUrl& url, AssetCase chosen);
  [[nodiscard]] VendorTime age_of(const Asset& asset) const;

  const base::Clock& clock_;
  const double speed_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Asset> assets_;  // by id
  std::vector<std::string> generated_;             // ids, oldest first
  std::size_t gets_ = 0;
  std::set<std::string> rate_limited_;  // what was refused once and is taken next
};

}  // namespace motion_mcp::sandbox
