#include <chrono>
#include <string>

#include "base/json_value.h"
#include "base/owner.h"
#include "jobs/wait.h"
#include "mosaic/key.h"
#include "tools/clip_result.h"
#include "tools/clip_words.h"
#include "tools/error_result.h"
#include "tools/tool_table.h"
#include "tools/waiting.h"

namespace motion_mcp::tools {
namespace {

constexpr std::string_view kName = "get_clip_status";

using std::chrono::milliseconds;
using std::chrono::seconds;

Result<mcp::ToolResult> get_clip_status(const Services& services, const mcp::ToolCall& call) {
  const std::string key(call.caller.key(kMosaicCredential));
  TRY(mosaic::check_key(key));
  const MosaicServices& mosaic = *services.mosaic;
  const std::string run_id = run_id_of(call.arguments);
  const seconds max_wait = services.max_wait;
  const Patience patience = patience_of(call.arguments, max_wait);
  if (patience.length == seconds(0)) {
    return clip_result(jobs::clip_read(TRY(mosaic.client.run(key, run_id, call.stop)),
                                       mosaic.ledger, base::owner_id(key)),
                       max_wait);
  }
  const auto report = [&](milliseconds waited, const jobs::ClipView* view) {
    call.progress(
        waiting_progress(waited, view == nullptr ? "" : clip_words(*view, max_wait).message));
  };
  const auto end = TRY(jobs::wait_for_end<jobs::ClipView>(
      mosaic.watcher, services.clock, key, run_id, patience.length, call.stop, report));
  return clip_result(end.view, max_wait, {end.timed_out, patience.was_cut});
}

std::optional<mcp::ToolResult> check(const Json& arguments) {
  return refusal(kName, check_mosaic_id("run_id", run_id_of(arguments)));
}

}  // namespace

mcp::ToolCode make_get_clip_status(const Services& services) {
  const auto run = [services](const mcp::ToolCall& call) {
    return result_or_error(kName, get_clip_status(services, call));
  };
  return {run, check};
}

}  // namespace motion_mcp::tools
