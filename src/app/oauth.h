#pragma once

// The authorization server of `motion-mcp http --oauth`: its parts, and its place at the listener.

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/config.h"
#include "app/wiring.h"
#include "auth/oauth_front.h"
#include "base/result.h"
#include "base/seal.h"
#include "transport/http_access.h"
#include "transport/http_service.h"

namespace motion_mcp::app {

// For `issuer` (issuer_url). `program` must outlive it. unavailable when the store that was named
// cannot be used; one that was not is memory then, which the log says.
Result<std::unique_ptr<auth::OAuthFront>> make_oauth(
    const Config& config, const Program& program, const std::string& issuer,
    std::shared_ptr<const base::SealKeys> seal_keys);

// What the MCP endpoint asks of access tokens. `oauth` must outlive it.
transport::HttpTokens tokens_of(const auth::OAuthFront& oauth);

// Serves the paths of the authorization server, and leaves all others to the MCP endpoint.
// Thread-safe; what it is given must outlive it and its work.
class OAuthService final : public transport::HttpService {
 public:
  // Of its work. Beyond: 503. Pages may wait for another server: for documents of clients at most
  // 72 do (auth::DocumentClients::Limits), and 56 places are left for the others. The rest waits
  // for a disk.
  static constexpr std::size_t kMostPagesAtOnce = 128;
  static constexpr std::size_t kMostOthersAtOnce = 64;

  OAuthService(const auth::OAuthFront& oauth, const transport::HttpAccess& access,
               const transport::HttpService& endpoint)
      : oauth_(oauth), access_(access), endpoint_(endpoint) {}

  [[nodiscard]] bool owns(std::string_view path) const override {
    return auth::OAuthFront::owns(path) || endpoint_.owns(path);
  }
  [[nodiscard]] std::optional<transport::HttpReply> refuse(
      const transport::HttpRequest& head) const override;
  [[nodiscard]] transport::HttpAnswer serve(const transport::HttpRequest& request) const override;

 private:
  const auth::OAuthFront& oauth_;
  const transport::HttpAccess access_;
  const transport::HttpService& endpoint_;
  mutable std::atomic<std::size_t> pages_at_once_{0};
  mutable std::atomic<std::size_t> others_at_once_{0};
};

}  // namespace motion_mcp::app
