#include "sandbox/reads.h"

#include <algorithm>
#include <utility>

#include "base/json_value.h"

namespace motion_mcp::sandbox {

void Reads::add(const std::string& job_id, base::WallTime at, bool shows_end) {
  OfJob& job = jobs_[job_id];
  if (job.count++ > 0) {
    const auto pause = std::chrono::floor<std::chrono::milliseconds>(at - job.last);
    job.shortest_pause = std::min(job.shortest_pause.value_or(pause), pause);
  }
  job.last = at;
  if (shows_end && !job.end_seen) job.end_seen = at;
}

Json Reads::to_json() const {
  Json jobs = Json::array();
  for (const auto& [id, job] : jobs_) {
    jobs.push_back(
        {{"job_id", id},
         {"reads", job.count},
         {"shortest_pause_ms", job.shortest_pause ? Json(job.shortest_pause->count()) : Json()},
         {"end_seen_at", job.end_seen ? Json(base::to_rfc3339(*job.end_seen)) : Json()}});
  }
  return {{"jobs", std::move(jobs)}};
}

}  // namespace motion_mcp::sandbox
