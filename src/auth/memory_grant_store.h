#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>

#include "auth/grant_store.h"
#include "auth/revoked_grants.h"

namespace motion_mcp::auth {

// Ends with the process.
class MemoryGrantStore final : public GrantStore {
 public:
  // About 200 bytes each. When so many are known, use() of one more is unavailable.
  static constexpr std::size_t kMaxGrants = 200'000;

  Result<Use> use(std::string_view grant, std::int64_t generation, base::WallTime now,
                  base::WallTime keep_until) override;
  Result<bool> is_known(std::string_view grant) override;
  Result<void> revoke(std::string_view grant, base::WallTime now,
                      base::WallTime keep_until) override;
  [[nodiscard]] bool is_revoked(std::string_view grant) const override;

  // How many grants are remembered; revoked ones count apart.
  [[nodiscard]] std::size_t size() const;

 private:
  struct LastUse {
    std::int64_t generation = 0;
    base::WallTime at;
    base::WallTime keep_until;
  };
  void forget_old(base::WallTime now);

  mutable std::mutex mutex_;
  std::map<std::string, LastUse, std::less<>> last_uses_;
  std::size_t sweep_at_ = 1024;  // how many there are when old ones are looked for
  RevokedGrants revoked_;
};

}  // namespace motion_mcp::auth
