// The clip tools on a faulty network: the n-th outgoing request of a call fails in every way there
// is, n rising until the call no longer gets that far. Tries to have a run started twice, a second
// node made that a run would pay for, a run that was paid for lost, and to be told that nothing was
// spent when something was. The sandbox counts what it charged.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <iostream>
#include <string>
#include <vector>

#include "base/owner.h"
#include "fakes/scratch_folder.h"
#include "fault/fault_loop.h"
#include "jobs/clip_start.h"
#include "sandbox/server.h"
#include "tools/tool_table.h"

using namespace motion_mcp;
using namespace motion_mcp::test;

namespace {

// The machine's clock, which the test puts forward.
class ForwardClock final : public base::Clock {
 public:
  [[nodiscard]] base::SteadyTime now() const override { return real_.now() + shift_.load(); }
  [[nodiscard]] base::WallTime wall() const override { return real_.wall() + shift_.load(); }
  bool sleep_until(base::SteadyTime when, const std::stop_token& stop) const override {
    return real_.sleep_until(when - shift_.load(), stop);
  }
  void put_forward(std::chrono::seconds by) { shift_ = shift_.load() + by; }

 private:
  const base::Clock& real_ = base::system_clock();
  std::atomic<std::chrono::seconds> shift_{std::chrono::seconds(0)};
};

class Service {
 public:
  Service() : server_(sandbox::Server::start({.speed = 20'000})) {}

  [[nodiscard]] int port() const { return (*server_)->port(); }
  // The runs of this key, oldest first: each is charged.
  [[nodiscard]] std::vector<Json> runs(const std::string& key) const {
    return paid_for(**server_, "/_sandbox/mosaic", "runs", "owner", base::owner_id(key));
  }

 private:
  Result<std::unique_ptr<sandbox::Server>> server_;
};

// One server process as a caller has it, behind its own faulty network.
struct Process {
  Process(const Service& service, std::string api_key)
      : proxy(static_cast<std::uint16_t>(service.port())),
        key(std::move(api_key)),
        caller{"motion_fault_key", {{"mosaic", key}}} {}

  mcp::ToolResult call(std::string_view tool, const Json& arguments) {
    return run_tool(services, caller, tool, arguments);
  }

  fakes::FaultProxy proxy;
  const std::string key;
  mcp::Caller caller;
  fakes::ScratchFolder folder;
  ForwardClock clock;
  net::HttplibClient http{impatient()};
  motion::Client motion{http, clock, {}};
  jobs::Ledger ledger{{folder / "mosaic.db", true}, clock};
  jobs::FollowupBaselines baselines;
  jobs::SpendGuard guard{ledger, clock, {}};
  jobs::Watcher watcher{motion, baselines, clock, {}};
  mosaic::Client mosaic{http, clock, {.base_url = proxy.base_url() + "/mosaic"}};
  jobs::AgentBook agents{folder / "mosaic.db"};
  jobs::ClipWatcher clip_watcher{mosaic, ledger, clock, {}};
  jobs::OneAtATime turns;
  tools::MosaicServices mosaic_services{mosaic, guard, clip_watcher, agents, ledger, turns};
  tools::Approvals approvals{tools::Approvals::Ask::never, base::SealKeySource::of_this_process(),
                             clock};
  tools::Services services{motion,    baselines, clock,   guard, watcher,
                           approvals, 50s,       nullptr, {},    &mosaic_services};
};

std::string run_of(const mcp::ToolResult& result) {
  return result.structured_content.value_or(Json::object()).value("run_id", "");
}

// A clip ordered while the network fails once, and again as an agent would, at once and after the
// time in which a lost start shows.
template <class Fail>
void check_generate(const Service& service, Process& process, std::size_t runs_before,
                    const Fail& fail) {
  const Json arguments = {{"prompt", "A fox."}};
  const auto started = [&] { return service.runs(process.key).size() - runs_before; };
  const auto first = process.call("generate_clip", arguments);
  if (!first.is_error && started() != 1) fail("a success that cost nothing: " + shown(first));
  if (spent_of(first) == "no" && started() != 0) fail("not \"nothing spent\": " + shown(first));
  if (first.is_error && spent_of(first).empty()) fail("no word of money: " + shown(first));
  const auto second = process.call("generate_clip", arguments);
  process.clock.put_forward(jobs::kRunShowsWithin + 1s);
  const auto third = process.call("generate_clip", arguments);
  if (started() != 1) {
    fail(std::to_string(started()) + " runs: " + shown(first) + " / " + shown(second) + " / " +
         shown(third));
    return;
  }
  const Json run = service.runs(process.key).back();
  if (run["clips"] != 1) fail("a run that pays for several clips");
  for (const auto* result : {&first, &second, &third}) {
    if (!result->is_error && run_of(*result) != run["run_id"])
      fail("another run: " + shown(*result));
  }
  if (third.is_error) fail("a lost run: " + shown(third));
}

template <class Fail>
void check_free(const Service& service, Process& process, std::string_view tool,
                const Json& arguments, std::size_t fault_at, const Fail& fail) {
  const auto first = process.call(tool, arguments);
  if (first.is_error && spent_of(first) != "no") fail("money in a free call: " + shown(first));
  const bool is_over = process.proxy.received() >= fault_at;
  const auto second = process.call(tool, arguments);
  // A cancel or resume that took effect before its answer was lost is refused the second time.
  const bool may_conflict = tool == "cancel_clip" || tool == "resume_clip";
  if (is_over && second.is_error && !may_conflict) fail("still broken: " + shown(second));
  if (service.runs(process.key).size() != 1) fail("a free call started a run");
}

struct Case {
  std::string_view tool;
  NamedFault fault;
  bool has_agent = false;  // of generate_clip: a clip was made before
};

std::string prompt_for(std::string_view tool) {
  if (tool == "resume_clip") return "sandbox:fail";
  return tool == "cancel_clip" ? "sandbox:stuck" : "The first.";
}

void run_case(const Case& item, int round, Verdicts& verdicts) {
  const Service service;
  for (std::size_t n = 1; n <= kMostRequests; ++n) {
    const std::string name = std::string(item.tool) + (item.has_agent ? " again, " : ", ") +
                             item.fault.name + ", request " + std::to_string(n) + ", round " +
                             std::to_string(round);
    const auto fail = [&](const std::string& what) { verdicts.fail(name + ": " + what); };
    Process process(service, "mk_fault_" + std::to_string(++verdicts.runs) + "_key");
    const bool generates = item.tool == "generate_clip";
    std::string run_id;
    if (!generates || item.has_agent) {
      run_id = run_of(process.call("generate_clip", {{"prompt", prompt_for(item.tool)}}));
      if (run_id.empty()) return fail("the first clip could not be made");
    }
    if (item.tool == "resume_clip") {
      process.call("get_clip_status", {{"run_id", run_id}, {"wait_seconds", 20}});
    }
    const std::size_t at = process.proxy.received() + n;
    process.proxy.harm("", at, item.fault.fault);
    if (generates) {
      check_generate(service, process, item.has_agent ? 1 : 0, fail);
    } else {
      check_free(service, process, item.tool, {{"run_id", run_id}}, at, fail);
    }
    verdicts.charged += static_cast<int>(service.runs(process.key).size());
    if (process.proxy.received() < at) return;
    ++verdicts.hits;
  }
}

}  // namespace

TEST_CASE("no fault of the network starts a run twice, hides one or loses one") {
  std::vector<Case> cases;
  for (const NamedFault& fault : all_faults()) {
    cases.push_back({"generate_clip", fault, false});
    cases.push_back({"generate_clip", fault, true});
    for (const char* tool : {"get_clip_status", "cancel_clip", "resume_clip"}) {
      cases.push_back({tool, fault});
    }
  }
  Verdicts verdicts;
  run_all(cases.size(),
          [&](std::size_t item, int round) { run_case(cases[item], round, verdicts); });
  for (const std::string& fault : verdicts.faults()) FAIL_CHECK(fault);
  std::cout << verdicts.runs << " runs, " << verdicts.hits << " met their fault, "
            << verdicts.charged << " charges, " << verdicts.faults().size() << " faults\n";
  CHECK(verdicts.hits > verdicts.runs / 2);
}
