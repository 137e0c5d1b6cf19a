// What the watchers of each service read.
#include <memory>
#include <optional>
#include <stop_token>
#include <string_view>
#include <utility>

#include "jobs/watcher.h"

namespace motion_mcp::jobs {
namespace {

// Motion's jobs, in the light of their followups.
class MotionJobs final : public JobSource<JobView> {
 public:
  MotionJobs(const motion::Client& motion, FollowupBaselines& baselines, const base::Clock& clock)
      : motion_(motion), baselines_(baselines), clock_(clock) {}

  Result<JobView> read(std::string_view api_key, std::string_view owner, std::string_view job_id,
                       const std::stop_token& stop) override {
    const auto followup_sent_at = [&]() -> std::optional<base::WallTime> {
      const auto followup = baselines_.last(owner, job_id);
      return followup ? std::optional(followup->sent_at) : std::nullopt;
    };
    const auto sent_before = followup_sent_at();
    motion::Job job = TRY(motion_.get_once(api_key, job_id, stop));
    if (followup_sent_at() != sent_before) {
      return Error{ErrorKind::interrupted,
                   "a followup was sent while the job was being read, so what was read is outdated",
                   "Call get_video_status again."};
    }
    return view_read(std::move(job), baselines_, clock_, owner, job_id);
  }

  JobView review(JobView seen, std::string_view owner, std::string_view job_id) override {
    return view_of(std::move(seen.job), baselines_.last(owner, job_id), clock_.wall());
  }

  [[nodiscard]] std::string_view status_tool() const override { return "get_video_status"; }

 private:
  const motion::Client& motion_;
  FollowupBaselines& baselines_;
  const base::Clock& clock_;
};

// Mosaic's runs, which show what they are.
class MosaicRuns final : public JobSource<ClipView> {
 public:
  MosaicRuns(const mosaic::Client& mosaic, Ledger& ledger) : mosaic_(mosaic), ledger_(ledger) {}

  Result<ClipView> read(std::string_view api_key, std::string_view owner, std::string_view job_id,
                        const std::stop_token& stop) override {
    return clip_read(TRY(mosaic_.run_once(api_key, job_id, stop)), ledger_, owner);
  }

  ClipView review(ClipView seen, std::string_view /*owner*/, std::string_view /*job_id*/) override {
    return seen;
  }

  [[nodiscard]] std::string_view status_tool() const override { return "get_clip_status"; }

 private:
  const mosaic::Client& mosaic_;
  Ledger& ledger_;
};

}  // namespace

Watcher::Watcher(const motion::Client& motion, FollowupBaselines& baselines,
                 const base::Clock& clock, Options options)
    : BasicWatcher(std::make_unique<MotionJobs>(motion, baselines, clock), clock,
                   std::move(options)) {}

ClipWatcher::ClipWatcher(const mosaic::Client& mosaic, Ledger& ledger, const base::Clock& clock,
                         Options options)
    : BasicWatcher(std::make_unique<MosaicRuns>(mosaic, ledger), clock, std::move(options)) {}

}  // namespace motion_mcp::jobs
