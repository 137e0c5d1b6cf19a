#pragma once

// What jobs showed just before their last followup (jobs/followup.h).

#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "jobs/followup.h"
#include "jobs/ledger.h"
#include "motion/readiness.h"
#include "motion/types.h"

namespace motion_mcp::jobs {

// The last followup per owner (base/owner.h) and job. The ledger has what every process sent; what
// this one sent is in memory as well, for when the ledger fails. Memory holds at most `capacity`;
// the one that was used longest ago goes first. Thread-safe.
class FollowupBaselines {
 public:
  static constexpr std::size_t kDefaultCapacity = 4096;

  // Without a ledger it is memory alone. The ledger must outlive it.
  explicit FollowupBaselines(Ledger* ledger = nullptr, std::size_t capacity = kDefaultCapacity);

  // Replaces what memory knows of the job; an accepted followup is one for the ledger too, where
  // the spend guard wrote the rest before it was sent. `job_id` counts without regard to case.
  void remember(std::string_view owner, std::string_view job_id, Followup followup);
  // Takes in a followup that is remembered elsewhere (in a task's id), unless one as late is known:
  // for when neither memory nor ledger has it.
  void learn(std::string_view owner, std::string_view job_id, const Followup& followup);
  // The later one of the ledger's and memory's.
  [[nodiscard]] std::optional<Followup> last(std::string_view owner, std::string_view job_id);

  // What a read of the job showed, for the ledger.
  void note_status(std::string_view owner, const motion::Job& job, motion::Stage stage);

 private:
  [[nodiscard]] std::optional<Followup> in_memory(std::string_view owner, std::string_view job_id);
  void put_in_memory(std::string_view owner, std::string_view job_id, Followup followup);

  struct Entry {
    std::string key;
    Followup followup;
  };

  Ledger* const ledger_;
  const std::size_t capacity_;
  std::mutex mutex_;
  std::list<Entry> entries_;                                                 // used last first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_key_;  // into entries_
};

}  // namespace motion_mcp::jobs
