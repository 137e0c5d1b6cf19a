#include <string>

#include "base/json_value.h"
#include "base/quote.h"
#include "mosaic/client.h"
#include "tools/clip_result.h"
#include "tools/clip_words.h"
#include "tools/error_result.h"
#include "tools/tool_table.h"

namespace motion_mcp::tools {
namespace {

constexpr std::string_view kName = "cancel_clip";

Result<mcp::ToolResult> cancel_clip(const Services& services, const mcp::ToolCall& call) {
  const std::string key(call.caller.key(kMosaicCredential));
  const std::string run_id = run_id_of(call.arguments);
  const mosaic::Cancelled cancelled = TRY(services.mosaic->client.cancel(key, run_id, call.stop));
  std::string message = "The run is cancelled";
  if (cancelled.tasks_cancelled) message += "; tasks ended: " + *cancelled.tasks_cancelled;
  const std::string said = base::quote(cancelled.message.value_or(""));
  message += said.empty() ? "." : ". Mosaic says: " + said + ".";
  return clip_changed_result(
      run_id, message,
      "Call get_clip_status with run_id=" + run_id +
          " to see what was made before; resume_clip takes the run up again.");
}

std::optional<mcp::ToolResult> check(const Json& arguments) {
  return refusal(kName, check_mosaic_id("run_id", run_id_of(arguments)));
}

}  // namespace

mcp::ToolCode make_cancel_clip(const Services& services) {
  const auto run = [services](const mcp::ToolCall& call) {
    return result_or_error(kName, cancel_clip(services, call));
  };
  return {run, check};
}

}  // namespace motion_mcp::tools
