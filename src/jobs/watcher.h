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
#include "jobs/clip_view.h"
#include "jobs/followup_baselines.h"
#include "jobs/ledger.h"
#include "jobs/poll_schedule.h"
#include "mosaic/client.h"
#include "motion/client.h"

namespace motion_mcp::jobs {

// Where looks at the jobs of one service come from. `View` is a job as it stands for its owner.
// Thread-safe.
template <class View>
class JobSource {
 public:
  virtual ~JobSource() = default;
  // One read of the job. `owner` (base/owner.h) is the holder of `api_key`.
  virtual Result<View> read(std::string_view api_key, std::string_view owner,
                            std::string_view job_id, const std::stop_token& stop) = 0;
  // What was seen before, in the light of what is known by now.
  virtual View review(View seen, std::string_view owner, std::string_view job_id) = 0;
  // The tool that reads a job, for messages.
  [[nodiscard]] virtual std::string_view status_tool() const = 0;
};

struct WatcherOptions {
  std::size_t max_jobs = 4096;  // watched or still remembered
  std::size_t max_reads = 16;   // reads under way at once
  std::function<double()> random_unit = base::random_unit;
};

// Jobs are watched per owner (base/owner.h): callers with different keys share nothing, not even
// the same job. Thread-safe. Making one costs nothing; threads with small stacks are made when
// somebody joins, one that keeps the time and at most Options::max_reads that read, and end when
// idle.
// For `View` there are is_final and pause_after (poll_schedule.h).
template <class View>
class BasicWatcher {
 public:
  using Look = Result<View>;
  using SharedLook = std::shared_ptr<const Look>;
  using Options = WatcherOptions;

  // Takes every look from joining on, one at a time, until one is final (poll_schedule.h); that is
  // the last. Called from a reading thread: must be quick and must not throw. May join and leave.
  using Listener = std::function<void(const SharedLook&)>;

  // Leaves when its last copy is gone; the listener is not running then and is not called again,
  // unless it is the listener itself that leaves. The last to leave ends the reading: a read
  // under way is let finish, and what it brings is remembered for those who come soon after.
  using Subscription = std::shared_ptr<const void>;

  struct Joined {
    Subscription subscription;
    // The last look from before joining, in the light of the followups known by now; null when none
    // is remembered, or it was final. The listener is not told of it.
    SharedLook before;
  };

  // `clock` must outlive it.
  BasicWatcher(std::unique_ptr<JobSource<View>> source, const base::Clock& clock, Options options);
  // Ends the reads under way, whose looks nobody is told. Every subscription must be gone.
  ~BasicWatcher();
  BasicWatcher(const BasicWatcher&) = delete;
  BasicWatcher& operator=(const BasicWatcher&) = delete;

  // The tool that reads a job, for messages.
  [[nodiscard]] std::string_view status_tool() const;
  // How many jobs somebody waits for.
  [[nodiscard]] std::size_t watched() const;

  // Watches the job for as long as the subscription lives. It is read at once, unless it was read
  // so lately that the interval forbids it (after a final look kFreshFor). rate_limited when
  // max_jobs are being watched, internal when the machine has no thread for it.
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

// Of Motion's jobs. All referred to must outlive it.
class Watcher final : public BasicWatcher<JobView> {
 public:
  Watcher(const motion::Client& motion, FollowupBaselines& baselines, const base::Clock& clock,
          Options options);
};

// Of Mosaic's runs (clip_view.h). All referred to must outlive it.
class ClipWatcher final : public BasicWatcher<ClipView> {
 public:
  ClipWatcher(const mosaic::Client& mosaic, Ledger& ledger, const base::Clock& clock,
              Options options);
};

using SharedLook = Watcher::SharedLook;

extern template class BasicWatcher<JobView>;
extern template class BasicWatcher<ClipView>;

}  // namespace motion_mcp::jobs
