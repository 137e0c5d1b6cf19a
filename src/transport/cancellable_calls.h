#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <utility>

#include "jsonrpc/id.h"

namespace motion_mcp::transport {

// The calls under way that a later message may cancel, by the session they belong to and the
// request's id. Thread-safe.
class CancellableCalls {
 public:
  // Takes part in `calls` while it lives. A second call of the same name is not cancellable.
  class Entry {
   public:
    Entry(CancellableCalls& calls, std::string session, jsonrpc::Id id);
    ~Entry();
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

    [[nodiscard]] std::stop_source& stop() { return stop_; }

   private:
    CancellableCalls& calls_;
    const std::pair<std::string, jsonrpc::Id> name_;
    std::stop_source stop_;
    bool is_entered_ = false;
  };

  void cancel(const std::string& session, const jsonrpc::Id& id);

 private:
  std::mutex mutex_;
  std::map<std::pair<std::string, jsonrpc::Id>, std::stop_source> calls_;
};

}  // namespace motion_mcp::transport
