#include "jobs/one_at_a_time.h"

namespace motion_mcp::jobs {

OneAtATime::Turn::~Turn() {
  if (owner_ == nullptr) return;
  {
    const std::scoped_lock lock(owner_->mutex_);
    owner_->at_work_.erase(name_);
  }
  owner_->ended_.notify_all();
}

OneAtATime::Turn OneAtATime::wait_for_turn(const std::string& name, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  if (!ended_.wait(lock, stop, [&] { return !at_work_.contains(name); })) return {};
  return {*this, at_work_.insert(name).first};
}

}  // namespace motion_mcp::jobs
