#pragma once

// Looks after jobs for those who wait for them: a job that many wait for is read once per interval
// (poll_schedule.h), and each of them is told what the read brought.

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "jobs/followup_baselines.h"
#include "jobs/poll_schedule.h"
#include "motion/client.h"

namespace motion_mcp::jobs {

using SharedLook = std::shared_ptr<const Look>;

// Jobs are watched per owner (base/owner.h): callers with different keys share nothing, not even
// the same job. Thread-safe. Making one costs nothing; threads with small stacks are made when
// somebody joins, one that keeps the time and at most Options::max_reads that read, and end when
// idle.
class Watcher {
 public:
  struct Options {
    std::size_t max_jobs = 4096;  // watched or still remembered
    std::size_t max_reads = 16;   // GETs under way at once
    std::function<double()> random_unit = base::random_unit;
  };

  // Takes every look from joining on, one at a time, until one is final (poll_schedule.h); that is
  // the last. Called from a reading thread: must be quick and must not throw. May join and leave.
  using Listener = std::function<void(const SharedLook&)>;

  // Leaves when its last copy is gone; the listener is not running then and is not called again,
  // unless it is the listener itself that leaves. The last to leave ends the reading: a GET under
  // way is let finish, and what it brings is remembered for those who come soon after.
  using Subscription = std::shared_ptr<const void>;

  struct Joined {
    Subscription subscription;
    // The last look from before joining, in the light of the followups known by now; null when none
    // is remembered. The listener is not told of it.
    SharedLook before;
  };

  // All referred to must outlive it.
  Watcher(const motion::Client& motion, FollowupBaselines& baselines, const base::Clock& clock,
          Options options);
  // Ends the GETs under way, whose looks nobody is told. Every subscription must be gone.
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  // Watches the job for as long as the subscription lives. It is read at once, unless it was read
  // so lately that the interval forbids it. rate_limited when max_jobs are being watched, internal
  // when the machine has no thread for it.
  Result<Joined> join(std::string_view api_key, std::string_view job_id, Listener listener);

  // The job as it was no longer ago than kFreshFor, or as far as a Retry-After allows; otherwise it
  // is read now, whatever the schedule says, and all who watch it hear of it. Many who look at once
  // share one read. Blocks for that read; what it brought, or what join fails of, or `cancelled`
  // when `stop` is requested.
  static constexpr std::chrono::seconds kFreshFor{2};
  Look look(std::string_view api_key, std::string_view job_id, const std::stop_token& stop);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace motion_mcp::jobs
