#include "jobs/job_view.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/owner.h"

namespace motion_mcp::jobs {
namespace {

using std::chrono::seconds;

std::optional<base::WallTime> time_of(const std::optional<std::string>& text) {
  return text ? base::parse_rfc3339(*text) : std::nullopt;
}

// Clocks differ between machines: a start in the future is a start just now.
seconds since(base::WallTime start, base::WallTime now) {
  return std::max(seconds(0), std::chrono::duration_cast<seconds>(now - start));
}

// The job has moved on from what it was before the followup.
bool shows_the_followup(motion::Stage stage) {
  return stage != motion::Stage::previous_output && stage != motion::Stage::rendering;
}

}  // namespace

JobView view_of(motion::Job job, const std::optional<Followup>& followup, base::WallTime now) {
  JobView view;
  if (followup) {
    view.age = since(followup->sent_at, now);
  } else if (const auto created_at = time_of(job.created_at)) {
    view.age = since(*created_at, now);
  }
  if (job.output) {
    const auto expires_at = time_of(job.output->expires_at);
    view.link_expired = expires_at && *expires_at <= now;
  }

  view.stage =
      followup ? motion::stage_of(job, followup->baseline) : motion::stage_of(job, std::nullopt);
  if (followup && !followup->accepted && !shows_the_followup(view.stage)) {
    view.doubt = FollowupDoubt::open;
    if (view.stage == motion::Stage::previous_output && *view.age >= kDoubtEndsAfter) {
      view.doubt = FollowupDoubt::not_taken;
      view.stage = motion::stage_of(job, std::nullopt);
    }
  }
  view.job = std::move(job);
  return view;
}

JobView view_read(motion::Job job, FollowupBaselines& baselines, const base::Clock& clock,
                  std::string_view owner, std::string_view job_id) {
  std::optional<Followup> followup = baselines.last(owner, job_id);
  JobView view = view_of(std::move(job), followup, clock.wall());
  if (followup && !followup->accepted && shows_the_followup(view.stage) &&
      view.doubt == FollowupDoubt::none) {
    followup->accepted = true;
    baselines.remember(owner, job_id, *std::move(followup));
  }
  return view;
}

Result<JobView> read_job(const motion::Client& motion, FollowupBaselines& baselines,
                         const base::Clock& clock, std::string_view api_key,
                         std::string_view job_id, const std::stop_token& stop) {
  motion::Job job = TRY(motion.get(api_key, job_id, stop));
  return view_read(std::move(job), baselines, clock, base::owner_id(api_key), job_id);
}

}  // namespace motion_mcp::jobs
