#pragma once

// What the connections of one http_listener share. Private to the listener.

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <utility>

#include "transport/http_listener.h"

namespace motion_mcp::transport {

// How many of something are under way. Thread-safe.
class Tally {
 public:
  void begin() {
    const std::lock_guard lock(mutex_);
    ++count_;
  }
  void end() {
    const std::lock_guard lock(mutex_);
    if (--count_ == 0) none_.notify_all();
  }
  [[nodiscard]] std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }
  // False when `deadline` came before none was left.
  bool wait_for_none(base::SteadyTime deadline) {
    std::unique_lock lock(mutex_);
    return none_.wait_until(lock, deadline, [&] { return count_ == 0; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable none_;
  std::size_t count_ = 0;
};

struct HttpHub {
  HttpHub(HttpListenerOptions given, base::WorkerPool& given_pool, HttpObserver& given_observer)
      : options(std::move(given)), pool(given_pool), observer(given_observer) {}

  const HttpListenerOptions options;
  base::WorkerPool& pool;
  HttpObserver& observer;
  std::atomic<bool> will_flush{false};  // the observer; by one of the threads
  const HttpService* service = nullptr;  // set before the first connection

  // No request is begun any more; those that have come are served.
  std::atomic<bool> is_draining{false};
  // Calls are to end now, also those whose client has left, and unfinished requests are refused.
  std::stop_source stopping;

  Tally connections;
  Tally calls;                               // given to the pool and not ended
  std::atomic<std::size_t> turning_away{0};  // of the connections, those that are only refused
  std::atomic<std::size_t> streams{0};
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> turned_away{0};
};

}  // namespace motion_mcp::transport
