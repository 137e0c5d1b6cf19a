#include "auth/memory_grant_store.h"

#include <algorithm>

namespace motion_mcp::auth {

Result<GrantStore::Use> MemoryGrantStore::use(std::string_view grant, std::int64_t generation,
                                              base::WallTime now, base::WallTime keep_until) {
  using enum Use::Verdict;
  if (revoked_.contains(grant)) return Use{revoked, {}};
  const std::lock_guard lock(mutex_);
  const auto known = last_uses_.find(grant);
  if (known != last_uses_.end()) {
    LastUse& last = known->second;
    if (generation < last.generation) return Use{outdated, {}};
    if (generation == last.generation) return Use{repeated, last.at};
    last = {generation, now, keep_until};
    return Use{first, now};
  }
  if (last_uses_.size() >= sweep_at_) forget_old(now);
  if (last_uses_.size() >= kMaxGrants) {
    return Error{ErrorKind::unavailable, "too many authorizations are remembered"};
  }
  last_uses_.emplace(grant, LastUse{generation, now, keep_until});
  return Use{first, now};
}

Result<bool> MemoryGrantStore::is_known(std::string_view grant) {
  if (revoked_.contains(grant)) return true;
  const std::lock_guard lock(mutex_);
  return last_uses_.contains(grant);
}

// Looks all of them over so seldom that it costs little for each.
void MemoryGrantStore::forget_old(base::WallTime now) {
  constexpr std::size_t kLeast = 1024;
  std::erase_if(last_uses_, [&](const auto& item) { return item.second.keep_until < now; });
  sweep_at_ = std::clamp(2 * last_uses_.size(), kLeast, kMaxGrants);
}

Result<void> MemoryGrantStore::revoke(std::string_view grant, base::WallTime now,
                                      base::WallTime keep_until) {
  revoked_.add(grant, now, keep_until);
  return {};
}

bool MemoryGrantStore::is_revoked(std::string_view grant) const {
  return revoked_.contains(grant);
}

std::size_t MemoryGrantStore::size() const {
  const std::lock_guard lock(mutex_);
  return last_uses_.size();
}

}  // namespace motion_mcp::auth
