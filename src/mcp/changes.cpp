#include "mcp/changes.h"

#include <utility>

namespace motion_mcp::mcp {

void Changes::announce(const Change& change) {
  const std::lock_guard lock(mutex_);
  for (const auto& [number, hear] : listeners_) hear(change);
}

Changes::Subscription Changes::subscribe(const std::shared_ptr<Changes>& changes,
                                         std::function<void(const Change&)> hear) {
  const std::lock_guard lock(changes->mutex_);
  const unsigned long number = changes->next_++;
  changes->listeners_.emplace(number, std::move(hear));
  return {changes.get(), [changes, number](const void*) {
            const std::lock_guard on_end(changes->mutex_);
            changes->listeners_.erase(number);
          }};
}

}  // namespace motion_mcp::mcp
