#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "net/connection.h"

namespace motion_mcp::net {

// Idle connections, by the service they lead to. Thread-safe.
class ConnectionPool {
 public:
  static constexpr std::chrono::seconds kMaxIdle{60};
  static constexpr std::size_t kMaxIdlePerService = 8;

  // The connection used last, if it has been idle for at most `max_idle` and is still good; nullptr
  // otherwise. What is older than kMaxIdle or has been closed by the other side is dropped.
  std::unique_ptr<Connection> take(const std::string& service, base::SteadyTime now,
                                   std::chrono::seconds max_idle);

  // Keeps a reusable connection, the oldest of too many is dropped.
  void put(const std::string& service, base::SteadyTime now,
           std::unique_ptr<Connection> connection);

 private:
  struct Idle {
    base::SteadyTime since;
    std::unique_ptr<Connection> connection;
  };
  std::mutex mutex_;
  std::map<std::string, std::vector<Idle>> idle_;  // oldest first
};

}  // namespace motion_mcp::net
