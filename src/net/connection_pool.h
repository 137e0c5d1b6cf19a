#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "net/connection.h"

namespace motion_mcp::net {

// Idle connections, by the service they lead to. Thread-safe.
class ConnectionPool {
 public:
  static constexpr std::chrono::seconds kMaxIdle{60};
  // As many as the calls that a connector under load has on their way at once, so that none of them
  // pays for a new TLS handshake.
  static constexpr std::size_t kMaxIdlePerService = 64;

  // The connection used last of those that are still good, if it has been idle for at most
  // `max_idle`; nullptr otherwise. What is older than kMaxIdle, or found closed by the other side,
  // is dropped.
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
  std::map<std::string, std::deque<Idle>> idle_;  // oldest first
};

}  // namespace motion_mcp::net
