#pragma once

// The tools of the real table on the real Motion client, with a scripted network below.

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "fakes/manual_clock.h"
#include "fakes/scripted_http_client.h"
#include "mcp/schema.h"
#include "tools/tool_table.h"
#include "unit/motion/vendor_example.h"

namespace motion_mcp::test {

inline constexpr const char* kKey = "motion_canary_key";
inline constexpr const char* kJobId = "405d47cf-f72b-4852-b570-0de2446dbba1";

using fakes::vendor_json;
using fakes::vendor_text;

inline const tools::Entry& entry(std::string_view name) {
  const auto tools = tools::all_tools();
  const auto found = std::find_if(tools.begin(), tools.end(),
                                  [&](const tools::Entry& tool) { return tool.name == name; });
  REQUIRE_MESSAGE(found != tools.end(), name);
  return *found;
}

inline std::string text_of(const mcp::ToolResult& result) {
  REQUIRE(!result.content.empty());
  CHECK(result.content[0]["type"] == "text");
  return result.content[0]["text"];
}

// Empty when `result` keeps what `tool` promises about its form.
inline std::string faults_of(std::string_view tool, const mcp::ToolResult& result) {
  if (result.is_error) return result.structured_content ? "structuredContent in an error" : "";
  if (!result.structured_content) return "no structuredContent";
  const Json definition = Json::parse(entry(tool).definition);
  std::string text;
  for (const auto& fault :
       mcp::Schema(definition["outputSchema"]).faults_in(*result.structured_content)) {
    text += fault + "; ";
  }
  return text;
}

struct Bench {
  fakes::ScriptedHttpClient http;
  fakes::ManualClock clock;
  motion::Client client{http, clock, {}};
  jobs::Ledger ledger{{}, clock};
  jobs::FollowupBaselines baselines{&ledger};
  jobs::SpendGuard guard{ledger, clock, {}};
  jobs::Watcher watcher{client, baselines, clock, {}};
  tools::Approvals unasked{tools::Approvals::Ask::never, base::SealKeySource::of_this_process(),
                           clock};
  tools::Approvals asked{tools::Approvals::Ask::always, base::SealKeySource::of_this_process(),
                         clock};
  mosaic::Client mosaic_client{http, clock, {}};
  jobs::AgentBook agents{jobs::Ledger::kInMemory};
  jobs::ClipWatcher clip_watcher{mosaic_client, ledger, clock, {}};
  jobs::OneAtATime turns;
  tools::MosaicServices mosaic{mosaic_client, guard, clip_watcher, agents, ledger, turns};
  bool asks_first = false;
  std::chrono::seconds max_wait{50};
  jobs::Ledger* history = &ledger;
  tools::Downloads downloads{};
  std::vector<mcp::Progress> progress;
  mcp::Caller caller{kKey};
  std::stop_source stop;
  Json capabilities = Json::object();
  mcp::InputAnswers input;

  [[nodiscard]] tools::Services services() {
    return {client,   baselines, clock,     guard,  watcher, asks_first ? asked : unasked,
            max_wait, history,   downloads, &mosaic};
  }

  // As a server runs it: the check first.
  mcp::ToolResult run(std::string_view tool, const tools::Services& services,
                      const Json& arguments) {
    const mcp::ToolCode code = entry(tool).make(services);
    auto refusal = code.check ? code.check(arguments) : std::nullopt;
    if (refusal) return *std::move(refusal);
    return code.run({arguments, caller, [this](const auto& report) { progress.push_back(report); },
                     stop.get_token(), capabilities, input});
  }

  mcp::ToolResult call(std::string_view tool, const Json& arguments) {
    const Json definition = Json::parse(entry(tool).definition);
    const auto faults = mcp::Schema(definition["inputSchema"]).faults_in(arguments);
    REQUIRE_MESSAGE(faults.empty(), faults.front());
    mcp::ToolResult result = run(tool, services(), arguments);
    if (!result.input_required) CHECK(faults_of(tool, result) == "");
    return result;
  }

  mcp::ToolResult get_status() { return call("get_video_status", {{"job_id", kJobId}}); }
  mcp::ToolResult followup() {
    return call("followup_video", {{"job_id", kJobId}, {"prompt", "Faster."}});
  }

  void reply(const Json& body, int status = 200) { http.reply(status, body.dump()); }
  void reply_started() { http.reply(202, vendor_text("create-response")); }

  [[nodiscard]] std::size_t count(std::string_view method) const {
    const auto sent = http.sent();
    return static_cast<std::size_t>(std::count_if(
        sent.begin(), sent.end(), [&](const auto& request) { return request.method == method; }));
  }
};

}  // namespace motion_mcp::test
