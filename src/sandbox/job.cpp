#include "sandbox/job.h"

#include "sandbox/signed_link.h"

namespace motion_mcp::sandbox {
namespace {

VendorTime age_of(const Run& run, const Now& now, double speed) {
  return std::chrono::duration_cast<VendorTime>(now.steady - run.accepted.steady) * speed;
}

// The run that reads show, as an index of job.runs.
std::size_t shown_run(const Job& job, const Now& now, double speed) {
  const std::size_t last = job.runs.size() - 1;
  const bool is_stale = last > 0 && age_of(job.runs[last], now, speed) < kStaleAfterFollowup;
  return is_stale ? last - 1 : last;
}

std::string time_at(const Run& run, VendorTime age, double speed) {
  return base::to_rfc3339(run.accepted.wall +
                          std::chrono::duration_cast<base::WallTime::duration>(age / speed));
}

// The vendor's page says "check error" and shows only null: callers must expect a text or an
// object.
Json job_error(const Run& run, const Moment& moment) {
  if (moment.status != "failed") return nullptr;
  if (run.chosen == Case::credits_run_out) {
    return {{"code", "insufficient_credits"},
            {"message", "The account ran out of credits during generation."}};
  }
  return "Rendering scene 2 failed: this is what sandbox:fail asks for.";
}

Json output_body(const Run& run, const Moment& moment, const Now& now, double speed,
                 const std::function<std::string()>& make_link) {
  if (moment.output_status.empty()) return nullptr;
  Json output = {{"status", moment.output_status},
                 {"download_url", nullptr},
                 {"expires_at", nullptr},
                 {"completed_at", nullptr},
                 {"error", nullptr}};
  if (moment.output_completed) {
    output["download_url"] = make_link();
    output["expires_at"] = base::to_rfc3339(now.wall + kVideoLinkLife);
    output["completed_at"] = time_at(run, *moment.output_completed, speed);
  } else if (moment.output_status == "failed") {
    output["error"] = "Encoding the file failed: this is what sandbox:output-fail asks for.";
  }
  return output;
}

}  // namespace

Moment current_moment(const Job& job, const Now& now, double speed) {
  const Run& run = job.runs.back();
  return moment_of(run.chosen, age_of(run, now, speed));
}

Json status_body(const Job& job, const Now& now, double speed, const LinkMaker& make_link) {
  const std::size_t index = shown_run(job, now, speed);
  const Run& run = job.runs[index];
  const Moment moment = moment_of(run.chosen, age_of(run, now, speed));
  return {
      {"job_id", job.id},
      {"status", moment.status},
      {"created_at", base::to_rfc3339(job.runs.front().accepted.wall)},
      {"updated_at",
       moment.output_completed ? base::to_rfc3339(now.wall) : time_at(run, moment.updated, speed)},
      {"completed_at", moment.completed ? Json(time_at(run, *moment.completed, speed)) : Json()},
      {"error", job_error(run, moment)},
      {"pending_user_input", moment.status == "awaiting_user_input"},
      {"output", output_body(run, moment, now, speed, [&] { return make_link(index + 1); })},
      {"sources", moment.completed ? run.sources : Json::array()}};
}

}  // namespace motion_mcp::sandbox
