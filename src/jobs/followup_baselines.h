#pragma once

// What jobs showed just before their last followup. After a followup the previous video still shows
// for a while; without this memory it would be taken for the new one (design decision 5).

#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "motion/readiness.h"

namespace motion_mcp::jobs {

struct Followup {
  motion::FollowupBaseline baseline;
  base::WallTime sent_at;
  // False when the service's answer was lost: the followup may never have been taken.
  bool accepted = true;
};

// The last followup per owner (base/owner.h) and job, in memory. Holds at most `capacity`; the one
// that was used longest ago goes first. Thread-safe.
class FollowupBaselines {
 public:
  static constexpr std::size_t kDefaultCapacity = 4096;

  explicit FollowupBaselines(std::size_t capacity = kDefaultCapacity);

  // Replaces what was known of the job. `job_id` counts without regard to case.
  void remember(std::string_view owner, std::string_view job_id, Followup followup);
  [[nodiscard]] std::optional<Followup> last(std::string_view owner, std::string_view job_id);

 private:
  struct Entry {
    std::string key;
    Followup followup;
  };

  const std::size_t capacity_;
  std::mutex mutex_;
  std::list<Entry> entries_;                                                 // used last first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_key_;  // into entries_
};

}  // namespace motion_mcp::jobs
