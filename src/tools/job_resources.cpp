#include "tools/job_resources.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/owner.h"
#include "jobs/job_view.h"
#include "tools/brief_check.h"
#include "tools/video_list.h"
#include "tools/video_result.h"

namespace motion_mcp::tools {
namespace {

constexpr std::string_view kJobs = R"json({
  "uri": "motion://jobs",
  "name": "jobs",
  "title": "Videos",
  "description": "The last video jobs that this key ordered through this server, newest first",
  "mimeType": "application/json"
})json";

constexpr std::string_view kJob = R"json({
  "uriTemplate": "motion://jobs/{job_id}",
  "name": "job",
  "title": "A video",
  "description": "Where a video job stands now, with the link to its MP4 once it is ready",
  "mimeType": "application/json"
})json";

mcp::ResourceContents contents_of(const mcp::ToolResult& result) {
  return {"application/json",
          result.structured_content->dump(-1, ' ', false, Json::error_handler_t::replace), false,
          nullptr};
}

Result<mcp::ResourceContents> read_jobs(const Services& services,
                                        const mcp::ResourceRequest& request) {
  return contents_of(list_result(
      TRY(read_video_list(services, request.caller.credential, {}, false, request.stop))));
}

Result<mcp::ResourceContents> read_job(const Services& services,
                                       const mcp::ResourceRequest& request) {
  const std::string& job_id = request.variables.front().second;
  if (!check_job_id(job_id)) {
    return Error{ErrorKind::not_found, "no such job, for a job_id is a UUID",
                 "list_videos and motion://jobs name the jobs of this key."};
  }
  return contents_of(
      job_result(TRY(jobs::read_job(services.motion, services.baselines, services.clock,
                                    request.caller.credential, job_id, request.stop)),
                 services.max_wait));
}

// Nothing is suggested where there is no history: whoever types is not to be stopped by that.
Result<mcp::Completion> complete_job(const Services& services,
                                     const mcp::CompletionRequest& request) {
  const std::string& key = request.caller.credential;
  const auto history = find_history(services, key);
  if (!history) return mcp::Completion{};
  auto found = (*history)->job_ids(base::owner_id(key), request.value, mcp::kMaxCompletions);
  if (!found) return mcp::Completion{};
  return mcp::Completion{std::move(found->ids), found->total};
}

}  // namespace

mcp::Resources make_job_resources(std::span<const Entry> enabled, const Services& services) {
  const bool is_wanted = std::any_of(enabled.begin(), enabled.end(), [](const Entry& entry) {
    return entry.name == "list_videos";
  });
  if (!is_wanted) return {};
  mcp::Resources resources;
  resources.fixed.push_back({kJobs, [services](const mcp::ResourceRequest& request) {
                               return read_jobs(services, request);
                             }});
  resources.templates.push_back(
      {kJob,
       [services](const mcp::ResourceRequest& request) { return read_job(services, request); },
       [services](const mcp::CompletionRequest& request) {
         return complete_job(services, request);
       }});
  return resources;
}

}  // namespace motion_mcp::tools
