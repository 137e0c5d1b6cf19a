#pragma once

// What a server announces of itself (MCP "List Changed Notification", "Subscriptions").

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace motion_mcp::mcp {

struct Change {
  enum class Kind { tools, prompts, resources, resource_updated };
  Kind kind;
  std::string uri = {};  // of the resource that was updated
};

// Where a program says that something changed, and streams hear of it. Thread-safe.
class Changes {
 public:
  void announce(const Change& change);

  // Calls `hear` for every change from now on, from the announcing thread, until the subscription
  // is gone; that waits for a call under way. `hear` must neither block nor subscribe.
  using Subscription = std::shared_ptr<const void>;
  [[nodiscard]] static Subscription subscribe(const std::shared_ptr<Changes>& changes,
                                              std::function<void(const Change&)> hear);

 private:
  std::mutex mutex_;
  std::map<unsigned long, std::function<void(const Change&)>> listeners_;
  unsigned long next_ = 0;
};

}  // namespace motion_mcp::mcp
