#include <string>
#include <utility>

#include "base/json_value.h"
#include "base/owner.h"
#include "mosaic/client.h"
#include "tools/clip_result.h"
#include "tools/clip_words.h"
#include "tools/error_result.h"
#include "tools/tool_table.h"

namespace motion_mcp::tools {
namespace {

constexpr std::string_view kName = "resume_clip";

Result<mcp::ToolResult> resume_clip(const Services& services, const mcp::ToolCall& call) {
  const std::string key(call.caller.key(kMosaicCredential));
  const std::string run_id = run_id_of(call.arguments);
  auto resumed = services.mosaic->client.resume(key, run_id, call.stop);
  if (resumed || resumed.error().kind == ErrorKind::outcome_unknown ||
      resumed.error().kind == ErrorKind::cancelled) {
    // At work again, as far as is known: the same order would be paid beside it.
    (void)services.mosaic->ledger.note_status(base::owner_id(key), run_id, "running",
                                              jobs::Ledger::Outcome::unfinished);
  }
  TRY(std::move(resumed));
  return clip_changed_result(run_id, "What had failed or was cancelled is queued again.",
                             clip_wait_step(run_id, services.max_wait) + ".", kFirstPollAfter);
}

std::optional<mcp::ToolResult> check(const Json& arguments) {
  return refusal(kName, check_mosaic_id("run_id", run_id_of(arguments)));
}

}  // namespace

mcp::ToolCode make_resume_clip(const Services& services) {
  const auto run = [services](const mcp::ToolCall& call) {
    return result_or_error(kName, resume_clip(services, call));
  };
  return {run, check};
}

}  // namespace motion_mcp::tools
