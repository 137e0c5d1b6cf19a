#include "net/connection_pool.h"

#include <utility>
#include <vector>

namespace motion_mcp::net {

std::unique_ptr<Connection> ConnectionPool::take(const std::string& service, base::SteadyTime now,
                                                 std::chrono::seconds max_idle) {
  std::vector<std::unique_ptr<Connection>> dropped;  // closed after the lock is gone
  const std::scoped_lock lock(mutex_);
  const auto found = idle_.find(service);
  if (found == idle_.end()) return nullptr;
  std::deque<Idle>& idle = found->second;

  while (!idle.empty() && now - idle.front().since > kMaxIdle) {
    dropped.push_back(std::move(idle.front().connection));
    idle.pop_front();
  }
  while (!idle.empty() && now - idle.back().since <= max_idle) {
    std::unique_ptr<Connection> connection = std::move(idle.back().connection);
    idle.pop_back();
    if (connection->reusable()) return connection;
    dropped.push_back(std::move(connection));
  }
  return nullptr;
}

void ConnectionPool::put(const std::string& service, base::SteadyTime now,
                         std::unique_ptr<Connection> connection) {
  Idle dropped;
  const std::scoped_lock lock(mutex_);
  std::deque<Idle>& idle = idle_[service];
  if (idle.size() >= kMaxIdlePerService) {
    dropped = std::move(idle.front());
    idle.pop_front();
  }
  idle.push_back({now, std::move(connection)});
}

}  // namespace motion_mcp::net
