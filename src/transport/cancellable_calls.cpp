#include "transport/cancellable_calls.h"

namespace motion_mcp::transport {

CancellableCalls::Entry::Entry(CancellableCalls& calls, std::string session, jsonrpc::Id id)
    : calls_(calls), name_(std::move(session), std::move(id)) {
  const std::lock_guard lock(calls_.mutex_);
  is_entered_ = calls_.calls_.emplace(name_, stop_).second;
}

CancellableCalls::Entry::~Entry() {
  const std::lock_guard lock(calls_.mutex_);
  if (is_entered_) calls_.calls_.erase(name_);
}

void CancellableCalls::cancel(const std::string& session, const jsonrpc::Id& id) {
  const auto find = [&] {
    const std::lock_guard lock(mutex_);
    const auto found = calls_.find({session, id});
    return found == calls_.end() ? std::stop_source(std::nostopstate) : found->second;
  };
  find().request_stop();  // what it wakes may come back to the lock
}

}  // namespace motion_mcp::transport
