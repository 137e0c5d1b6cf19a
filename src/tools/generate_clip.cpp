#include <string>
#include <utility>

#include "base/json_value.h"
#include "base/owner.h"
#include "base/text.h"
#include "jobs/clip_start.h"
#include "net/url.h"
#include "tools/clip_result.h"
#include "tools/clip_words.h"
#include "tools/error_result.h"
#include "tools/paid_order.h"
#include "tools/tool_table.h"

namespace motion_mcp::tools {
namespace {

constexpr std::string_view kName = "generate_clip";
// Of the agent that clips are made with unless the caller says otherwise.
constexpr const char* kAgentName = "motion-mcp clips";

constexpr Priced kPriced{"a clip from Mosaic",
                         "It costs credits of the Mosaic account, more for length and resolution."};
constexpr jobs::OrderWords kWords{"get_clip_status", "run_id", "get_clip_status"};

jobs::ClipOrder clip_order(const Json& arguments) {
  return {arguments.value("agent_id", ""),
          {arguments.value("name", kAgentName), arguments.value("visibility", "private")},
          mosaic::params_from_json(arguments),
          arguments.value("callback_url", "")};
}

// The order as the service gets it: a default that is spelled out is no other order.
Json meaning_of(const jobs::ClipOrder& order) {
  return {{"agent_id", order.agent_id},
          {"agent", mosaic::to_json(order.agent)},
          {"params", mosaic::to_json(order.params)},
          {"callback_url", order.callback_url}};
}

Result<mcp::ToolResult> generate_clip(const Services& services, const mcp::ToolCall& call) {
  const std::string key(call.caller.key(kMosaicCredential));
  TRY(mosaic::check_key(key));
  const MosaicServices& mosaic = *services.mosaic;
  const jobs::ClipOrder wanted = clip_order(call.arguments);
  jobs::ClipStart start({mosaic.client, mosaic.agents, mosaic.ledger, services.clock, mosaic.turns},
                        key, wanted, call.stop, call.ending);
  jobs::PaidOrder order;
  order.order.owner = base::owner_id(key);
  order.order.tool = kName;
  order.order.digest = jobs::order_digest(kName, meaning_of(wanted));
  order.order.prompt = wanted.params.prompt;
  order.allow_duplicate = call.arguments.value("allow_duplicate", false);
  order.prepare = [&](jobs::NewOrder& written) { return start.prepare(written); };
  order.prepare_writes = true;
  order.send = [&] { return start.send(); };
  order.reconcile = [&](const std::string& trace, std::chrono::seconds age) {
    return start.reconcile(trace, age);
  };
  order.words = kWords;
  return place_approved(
      services.approvals, mosaic.guard, call, std::move(order), kPriced,
      [&](const jobs::Placed& placed) {
        const std::string message =
            placed_message(placed, "The clip is ordered; it takes minutes.", "run_id");
        return clip_started_result(placed.started, jobs::clip_trace_from(placed.trace), message,
                                   services.max_wait);
      });
}

Result<void> check_arguments(const Json& arguments) {
  if (base::is_blank(arguments.value("prompt", ""))) {
    return Error{ErrorKind::invalid_argument, "prompt holds nothing but white space",
                 "Say in prompt what the clip is to show."};
  }
  const std::string callback_url = arguments.value("callback_url", "");
  if (auto url = net::parse_url(callback_url); !callback_url.empty() && !url) {
    return Error{ErrorKind::invalid_argument, "callback_url is no URL: " + url.error().message,
                 "Pass an http or https URL that Mosaic can reach, or leave it out."};
  }
  const std::string agent_id = arguments.value("agent_id", "");
  if (!arguments.contains("agent_id")) return {};
  return check_mosaic_id("agent_id", agent_id);
}

std::optional<mcp::ToolResult> check(const Json& arguments) {
  return refusal(kName, check_arguments(arguments));
}

}  // namespace

mcp::ToolCode make_generate_clip(const Services& services) {
  const auto run = [services](const mcp::ToolCall& call) {
    return result_or_error(kName, generate_clip(services, call));
  };
  return {run, check};
}

}  // namespace motion_mcp::tools
