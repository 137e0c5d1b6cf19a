#include <string>
#include <utility>

#include "base/owner.h"
#include "jobs/job_view.h"
#include "tools/brief_check.h"
#include "tools/error_result.h"
#include "tools/tool_table.h"
#include "tools/video_result.h"

namespace motion_mcp::tools {
namespace {

constexpr std::string_view kName = "refresh_video_card";

// What the card shows beside the result: {prompt?, age_seconds?, followup_not_taken?}. In `_meta`,
// which hosts hand to the card and not to the model.
Json card_meta(const Services& services, const std::string& key, const jobs::JobView& view) {
  Json card = Json::object();
  if (view.age) card["age_seconds"] = view.age->count();
  if (view.doubt == jobs::FollowupDoubt::not_taken) card["followup_not_taken"] = true;
  // A prompt that cannot be read costs the card that line and nothing else.
  if (services.history != nullptr) {
    auto prompt = services.history->prompt_of(base::owner_id(key), view.job.job_id);
    if (prompt && !prompt->empty()) card["prompt"] = *std::move(prompt);
  }
  return {{"motion-mcp/card", std::move(card)}};
}

Result<mcp::ToolResult> refresh(const Services& services, const mcp::ToolCall& call,
                                const std::string& job_id) {
  const std::string& key = call.caller.credential;
  const jobs::JobView view = TRY(
      jobs::read_job(services.motion, services.baselines, services.clock, key, job_id, call.stop));
  mcp::ToolResult result = job_result(view, services.max_wait);
  result.meta = card_meta(services, key, view);
  return result;
}

std::optional<mcp::ToolResult> check(const Json& arguments) {
  return refusal(kName, check_job_id(job_id_of(arguments)));
}

}  // namespace

mcp::ToolCode make_refresh_video_card(const Services& services) {
  const auto run = [services](const mcp::ToolCall& call) {
    const std::string job_id = job_id_of(call.arguments);
    return result_or_error(kName, refresh(services, call, job_id), job_id);
  };
  return {run, check};
}

}  // namespace motion_mcp::tools
