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

// A job shows something else before each followup that was taken.
bool is_same(const Followup& a, const Followup& b) {
  return a.baseline.completed_at == b.baseline.completed_at &&
         a.baseline.output_completed_at == b.baseline.output_completed_at;
}

}  // namespace

FollowupBaselines::FollowupBaselines(Ledger* ledger, std::size_t capacity)
    : ledger_(ledger), capacity_(std::max<std::size_t>(capacity, 1)) {}

void FollowupBaselines::remember(std::string_view owner, std::string_view job_id,
                                 Followup followup) {
  // The ledger says itself, in the log, when it cannot take it.
  if (ledger_ != nullptr && followup.accepted) (void)ledger_->accept_followup(owner, job_id);
  put_in_memory(owner, job_id, std::move(followup));
}

void FollowupBaselines::learn(std::string_view owner, std::string_view job_id,
                              const Followup& followup) {
  const auto known = last(owner, job_id);
  if (!known || known->sent_at < followup.sent_at) put_in_memory(owner, job_id, followup);
}

void FollowupBaselines::put_in_memory(std::string_view owner, std::string_view job_id,
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
  std::optional<Followup> known = in_memory(owner, job_id);
  if (ledger_ == nullptr) return known;
  auto written = ledger_->last_followup(owner, job_id);
  if (!written || !*written) return known;
  if (!known || known->sent_at < (*written)->sent_at) return *written;
  // Another process may have seen it at work.
  if (is_same(*known, **written)) known->accepted = known->accepted || (*written)->accepted;
  return known;
}

void FollowupBaselines::note_status(std::string_view owner, const motion::Job& job,
                                    motion::Stage stage) {
  if (ledger_ == nullptr) return;
  auto outcome = Ledger::Outcome::unfinished;
  if (stage == motion::Stage::ready) outcome = Ledger::Outcome::ready;
  if (stage == motion::Stage::failed || stage == motion::Stage::output_failed) {
    outcome = Ledger::Outcome::failed;
  }
  (void)ledger_->note_status(owner, job.job_id, job.status, outcome);
}

std::optional<Followup> FollowupBaselines::in_memory(std::string_view owner,
                                                     std::string_view job_id) {
  const std::string key = key_of(owner, job_id);
  const std::scoped_lock lock(mutex_);
  const auto known = by_key_.find(key);
  if (known == by_key_.end()) return std::nullopt;
  entries_.splice(entries_.begin(), entries_, known->second);
  return known->second->followup;
}

}  // namespace motion_mcp::jobs
