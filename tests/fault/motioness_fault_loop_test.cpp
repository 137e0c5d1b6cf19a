// get_motion_asset on a faulty network: its n-th outgoing request fails in every way there is, n
// rising until the call no longer gets that far. Tries to have one asset generated twice, to be
// told that nothing was spent when something was, and to be stuck after the fault has passed. The
// sandbox counts what it generated.
#include <doctest/doctest.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "fakes/scratch_folder.h"
#include "fault/fault_loop.h"
#include "net/httplib_client.h"
#include "sandbox/server.h"
#include "tools/tool_table.h"

using namespace motion_mcp;
using namespace motion_mcp::test;

namespace {

// One server process, behind its own faulty network.
struct Process {
  Process(const sandbox::Server& service, std::string project)
      : proxy(static_cast<std::uint16_t>(service.port())) {
    caller.further.emplace("motioness", std::move(project));
  }

  [[nodiscard]] std::string url() const {
    return motioness.base_url + "/v1/" + caller.further.at("motioness") +
           "/cdn.acme.com/hero.png.mp4";
  }
  mcp::ToolResult get(int wait_seconds) {
    return run_tool(services, caller, "get_motion_asset",
                    {{"url", url()}, {"wait_seconds", wait_seconds}});
  }

  fakes::FaultProxy proxy;
  mcp::Caller caller{"motion_fault_key"};
  fakes::ScratchFolder folder;
  const base::Clock& clock = base::system_clock();
  net::HttplibClient http{impatient()};
  jobs::Ledger ledger{{folder / "ledger.db", true}, clock};
  jobs::SpendGuard guard{ledger, clock, {}};
  motion::Client motion{http, clock, {}};
  jobs::FollowupBaselines baselines{&ledger};
  jobs::Watcher watcher{motion, baselines, clock, {}};
  tools::Approvals approvals{tools::Approvals::Ask::never, base::SealKeySource::of_this_process(),
                             clock};
  motioness::Client client{http, clock};
  tools::MotionessServices motioness{client, guard, proxy.base_url() + "/motioness"};
  tools::Services services = make_services();

  tools::Services make_services() {
    tools::Services all{motion, baselines, clock, guard, watcher, approvals, 50s};
    all.motioness = &motioness;
    return all;
  }
};

std::size_t generations(const sandbox::Server& service, const std::string& project) {
  return paid_for(service, "/_sandbox/motioness", "generations", "project", project).size();
}

struct Case {
  NamedFault fault;
  int wait_seconds;
};

void run_case(const sandbox::Server& service, const Case& item, Verdicts& verdicts) {
  for (std::size_t n = 1; n <= kMostRequests; ++n) {
    const std::string project = "pk_fault_" + std::to_string(++verdicts.runs);
    const auto fail = [&](const std::string& what) {
      verdicts.fail(std::string(item.fault.name) + ", request " + std::to_string(n) + ", wait " +
                    std::to_string(item.wait_seconds) + ": " + what);
    };
    Process process(service, project);
    process.proxy.harm("", n, item.fault.fault);
    const auto first = process.get(item.wait_seconds);
    const std::size_t after_first = generations(service, project);
    if (!first.is_error && after_first != 1)
      fail("a success without a generation: " + shown(first));
    if (spent_of(first) == "no" && after_first != 0) fail("not \"nothing\": " + shown(first));
    if (process.proxy.received() < n) return;
    ++verdicts.hits;
    const auto second = process.get(50);
    if (second.is_error) {
      fail("still broken: " + shown(second));
    } else if ((*second.structured_content)["ready"] != true) {
      fail("not ready: " + shown(second));
    }
    if (generations(service, project) != 1) fail("not one generation");
  }
}

}  // namespace

TEST_CASE("no fault of the network has an asset generated twice or hides that it was") {
  const auto quick = sandbox::Server::start({.speed = 20'000});
  const auto slow = sandbox::Server::start({.speed = 20});  // 1.4 s: long enough for its events
  REQUIRE(quick);
  REQUIRE(slow);
  std::vector<Case> cases;
  for (const NamedFault& fault : all_faults()) {
    cases.push_back({fault, 0});
    cases.push_back({fault, 20});
  }
  Verdicts verdicts;
  run_all(cases.size(), [&](std::size_t item, int /*round*/) {
    const Case& chosen = cases[item];
    run_case(chosen.wait_seconds == 0 ? **quick : **slow, chosen, verdicts);
  });
  for (const std::string& fault : verdicts.faults()) FAIL_CHECK(fault);
  std::cout << verdicts.runs << " runs, " << verdicts.hits << " met their fault, "
            << verdicts.faults().size() << " faults\n";
  CHECK(verdicts.hits > verdicts.runs / 2);
}
