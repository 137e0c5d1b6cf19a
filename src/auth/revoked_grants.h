#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace motion_mcp::auth {

// The grants that were ended, in memory. Thread-safe.
class RevokedGrants {
 public:
  // Forgets those whose time is over at `now`.
  void add(std::string_view grant, base::WallTime now, base::WallTime keep_until) {
    const std::lock_guard lock(mutex_);
    std::erase_if(grants_, [&](const auto& item) { return item.second < now; });
    grants_.insert_or_assign(std::string(grant), keep_until);
  }
  [[nodiscard]] bool contains(std::string_view grant) const {
    const std::lock_guard lock(mutex_);
    return grants_.find(grant) != grants_.end();
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, base::WallTime, std::less<>> grants_;
};

}  // namespace motion_mcp::auth
