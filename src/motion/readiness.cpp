#include "motion/readiness.h"

#include "base/clock.h"

namespace motion_mcp::motion {
namespace {

// The same moment may be written in two ways; text that is no time is compared as it stands.
bool is_same_moment(const std::string& a, const std::string& b) {
  const auto time_a = base::parse_rfc3339(a);
  const auto time_b = base::parse_rfc3339(b);
  return time_a && time_b ? *time_a == *time_b : a == b;
}

bool is_before(const std::string& a, const std::string& b) {
  const auto time_a = base::parse_rfc3339(a);
  const auto time_b = base::parse_rfc3339(b);
  return time_a && time_b && *time_a < *time_b;
}

// The table in the header, row by row.
bool shows_previous_output(const Job& job, const FollowupBaseline& before) {
  const auto& rendered_at = job.output->completed_at;
  if (rendered_at && before.output_completed_at) {
    return is_same_moment(*rendered_at, *before.output_completed_at);
  }
  if (!before.completed_at) return false;
  if (!job.completed_at || is_same_moment(*job.completed_at, *before.completed_at)) return true;
  return rendered_at && is_before(*rendered_at, *job.completed_at);
}

Stage stage_of(const Output& output) {
  const bool has_url = output.download_url && !output.download_url->empty();
  if (output.status == "failed" || (output.error && !has_url)) return Stage::output_failed;
  if (output.status == "completed" && has_url) return Stage::ready;
  return Stage::rendering;
}

}  // namespace

FollowupBaseline baseline_of(const Job& job) {
  return {job.completed_at, job.output ? job.output->completed_at : std::nullopt};
}

Stage stage_of(const Job& job, const std::optional<FollowupBaseline>& baseline) {
  if (job.status == "failed") return Stage::failed;
  if (job.status == "awaiting_user_input" && job.pending_user_input) {
    return Stage::awaiting_user_input;
  }
  if (job.status != "completed") return Stage::waiting;
  if (!job.output) return Stage::rendering;
  const Stage stage = stage_of(*job.output);
  if (stage != Stage::rendering && baseline && shows_previous_output(job, *baseline)) {
    return Stage::previous_output;
  }
  return stage;
}

bool is_settled(Stage stage) {
  switch (stage) {
    case Stage::waiting:
    case Stage::rendering:
    case Stage::previous_output:
      return false;
    case Stage::awaiting_user_input:
    case Stage::ready:
    case Stage::failed:
    case Stage::output_failed:
      return true;
  }
  return false;
}

}  // namespace motion_mcp::motion
