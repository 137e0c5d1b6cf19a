#pragma once

// Delivers webhooks, to loopback alone: the sandbox must never reach out.

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/clock.h"
#include "base/json_value.h"

namespace motion_mcp::sandbox {

struct Webhook {
  std::string url;
  // What is sent when its time has come, as JSON; nullopt when it is no longer true.
  std::function<std::optional<Json>()> body;
};

// One thread, from the first webhook on. A delivery that fails is not repeated: the vendor's
// current pages promise nothing. Thread-safe.
class Webhooks {
 public:
  explicit Webhooks(const base::Clock& clock) : clock_(clock) {}
  // Drops what is not delivered yet.
  ~Webhooks();
  Webhooks(const Webhooks&) = delete;
  Webhooks& operator=(const Webhooks&) = delete;

  // Ignored unless the URL's host is loopback.
  void deliver_at(base::SteadyTime time, Webhook webhook);

 private:
  void run(const std::stop_token& stop);

  const base::Clock& clock_;
  std::mutex mutex_;
  std::multimap<base::SteadyTime, Webhook> due_;
  std::stop_source news_;  // wakes the thread
  std::stop_source end_;
  std::thread thread_;
};

}  // namespace motion_mcp::sandbox
