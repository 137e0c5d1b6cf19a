#include "jobs/guard_words.h"

#include <algorithm>

namespace motion_mcp::jobs {
namespace {

using std::chrono::seconds;

std::string counted(std::int64_t count, std::string_view unit) {
  return std::to_string(count) + " " + std::string(unit) + (count == 1 ? "" : "s");
}

std::string_view span_of(CeilingReached::Kind kind) {
  return kind == CeilingReached::Kind::per_hour ? "per hour" : "per day";
}

std::string_view flag_of(CeilingReached::Kind kind) {
  switch (kind) {
    case CeilingReached::Kind::per_hour:
      return "--max-jobs-per-hour";
    case CeilingReached::Kind::per_day:
      return "--max-jobs-per-day";
    case CeilingReached::Kind::in_flight:
      return "--max-jobs-in-flight";
  }
  return "";
}

}  // namespace

std::string in_words(seconds span) {
  const std::int64_t count = std::max<std::int64_t>(span.count(), 1);
  if (count < 90) return counted(count, "second");
  constexpr std::int64_t kManyMinutes = 5400;
  if (count < kManyMinutes) return counted((count + 59) / 60, "minute");
  return counted((count + 3599) / 3600, "hour");
}

Error outcome_of_prior_unknown(const PriorOrder& prior, seconds age, seconds frees_in) {
  Error error{
      ErrorKind::outcome_unknown,
      "nothing was sent now, because the same arguments were sent " + in_words(age) + " ago and ",
      {},
      Spent::unknown};
  if (prior.state == OrderState::starting) {
    error.message += "there is no answer to that yet";
    error.next_step =
        "Call again with the same arguments in a minute; if the service took them, the answer is "
        "that job.";
    return error;
  }
  error.message += "whether the service took them is not known";
  error.next_step =
      prior.job_id.empty()
          ? "Look at https://motion.so whether the video was started; only if it was not"
          : "Call get_video_status with job_id=" + prior.job_id +
                "; only if it still shows the video from before after two minutes";
  error.next_step +=
      ", call again with allow_duplicate=true (without it, in " + in_words(frees_in) + ").";
  return error;
}

Error approval_used(const OrderWords& words) {
  return {
      ErrorKind::needs_approval,
      "nothing was sent now, because the approval was for one order and that has been sent",
      "Call " + std::string(words.find_tool) +
          " to find it; to order it once more, ask the user and call again without confirm_token "
          "and with allow_duplicate=true."};
}

Error ceiling_reached(const CeilingReached& reached, base::WallTime now, const OrderWords& words) {
  const std::string jobs = counted(reached.ceiling, "job");
  const std::string flag(flag_of(reached.kind));
  Error error{ErrorKind::rate_limited, {}};
  if (reached.kind == CeilingReached::Kind::in_flight) {
    error.message =
        "this server allows " + jobs + " in flight at a time (" + flag + "), and as many are";
    error.next_step = reached.job_id.empty()
                          ? "Wait a minute, then call again."
                          : "A place frees when " + std::string(words.status_tool) +
                                " shows one ready or failed, such as " +
                                std::string(words.id_name) + "=" + reached.job_id +
                                "; then call again.";
    return error;
  }
  error.message = "this server allows " + jobs + " " + std::string(span_of(reached.kind)) + " (" +
                  flag + "), and as many were ordered";
  const seconds wait =
      std::max(seconds(1), std::chrono::ceil<seconds>(reached.frees_at.value_or(now) - now));
  error.retry_after = wait;
  error.next_step =
      "A place frees in " + in_words(wait) + "; tell the user, who may have the ceiling raised.";
  return error;
}

}  // namespace motion_mcp::jobs
