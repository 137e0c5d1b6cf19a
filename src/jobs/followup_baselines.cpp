#include "jobs/followup_baselines.h"

#include <algorithm>
#include <utility>

#include "net/ascii.h"

namespace motion_mcp::jobs {
namespace {

std::string key_of(std::string_view owner, std::string_view job_id) {
  std::string key(owner);
  key += '/';
  key += net::to_lower(job_id);
  return key;
}

}  // namespace

FollowupBaselines::FollowupBaselines(std::size_t capacity)
    : capacity_(std::max<std::size_t>(capacity, 1)) {}

void FollowupBaselines::remember(std::string_view owner, std::string_view job_id,
                                 Followup followup) {
  std::string key = key_of(owner, job_id);
  const std::scoped_lock lock(mutex_);
  if (const auto known = by_key_.find(key); known != by_key_.end()) {
    known->second->followup = std::move(followup);
    entries_.splice(entries_.begin(), entries_, known->second);
    return;
  }
  if (entries_.size() == capacity_) {
    by_key_.erase(entries_.back().key);
    entries_.pop_back();
  }
  entries_.push_front({std::move(key), std::move(followup)});
  by_key_.emplace(entries_.front().key, entries_.begin());
}

std::optional<Followup> FollowupBaselines::last(std::string_view owner, std::string_view job_id) {
  const std::string key = key_of(owner, job_id);
  const std::scoped_lock lock(mutex_);
  const auto known = by_key_.find(key);
  if (known == by_key_.end()) return std::nullopt;
  entries_.splice(entries_.begin(), entries_, known->second);
  return known->second->followup;
}

}  // namespace motion_mcp::jobs
