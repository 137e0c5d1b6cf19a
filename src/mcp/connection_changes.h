#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "mcp/changes.h"

namespace motion_mcp::mcp {

// Tells one connection of the handshake era what changed: the lists always, a resource when it
// subscribed to it (resources/subscribe). Thread-safe.
class ConnectionChanges {
 public:
  // `outlet` takes whole notifications, from any thread, as long as this object lives.
  ConnectionChanges(const std::shared_ptr<Changes>& changes,
                    std::function<void(std::string_view notification)> outlet);

  void subscribe(std::string uri);
  void unsubscribe(const std::string& uri);

 private:
  void tell(const Change& change);

  const std::function<void(std::string_view)> outlet_;
  std::mutex mutex_;
  std::set<std::string> uris_;
  const Changes::Subscription subscription_;  // last: it calls tell()
};

// The method of the notification that tells of a change.
std::string_view notification_for(Change::Kind kind);

}  // namespace motion_mcp::mcp
