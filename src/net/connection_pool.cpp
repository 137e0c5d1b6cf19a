#include "net/connection_pool.h"

#include <algorithm>
#include <utility>

namespace motion_mcp::net {

std::unique_ptr<Connection> ConnectionPool::take(const std::string& service, base::SteadyTime now,
                                                 std::chrono::seconds max_idle) {
  std::vector<Idle> dropped;  // closed after the lock is gone
  const std::scoped_lock lock(mutex_);
  const auto found = idle_.find(service);
  if (found == idle_.end()) return nullptr;
  std::vector<Idle>& idle = found->second;

  const auto good = std::stable_partition(idle.begin(), idle.end(), [&](const Idle& entry) {
    return now - entry.since <= kMaxIdle && entry.connection->reusable();
  });
  std::move(good, idle.end(), std::back_inserter(dropped));
  idle.erase(good, idle.end());

  if (idle.empty() || now - idle.back().since > max_idle) return nullptr;
  std::unique_ptr<Connection> connection = std::move(idle.back().connection);
  idle.pop_back();
  return connection;
}

void ConnectionPool::put(const std::string& service, base::SteadyTime now,
                         std::unique_ptr<Connection> connection) {
  Idle dropped;
  const std::scoped_lock lock(mutex_);
  std::vector<Idle>& idle = idle_[service];
  if (idle.size() >= kMaxIdlePerService) {
    dropped = std::move(idle.front());
    idle.erase(idle.begin());
  }
  idle.push_back({now, std::move(connection)});
}

}  // namespace motion_mcp::net
