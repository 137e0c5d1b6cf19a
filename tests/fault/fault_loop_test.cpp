// Every tool on a faulty network: its n-th outgoing request fails in every way there is, n rising
// until the call no longer gets that far. Tries to be charged twice, to be told that nothing was
// spent when something was, and to lose a job that was paid for. The sandbox counts what it
// charged.
//
// MOTION_MCP_FAULT_ROUNDS=N goes through all of it N times (fault_loop.h).
#include <doctest/doctest.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "base/owner.h"
#include "fakes/fault_proxy.h"
#include "fakes/scratch_folder.h"
#include "fault/fault_loop.h"
#include "net/httplib_client.h"
#include "sandbox/server.h"
#include "tools/tool_table.h"

using namespace motion_mcp;
using namespace std::chrono_literals;
using fakes::Fault;
using namespace motion_mcp::test;

namespace {

// The service of one case; its runs have a key of their own each.
class Service {
 public:
  Service() : server_(sandbox::Server::start({.speed = 20'000})) {}

  [[nodiscard]] int port() const { return (*server_)->port(); }
  // What this key was charged for, oldest first.
  [[nodiscard]] std::vector<Json> charges(const std::string& key) const {
    return paid_for(**server_, "/_sandbox/ledger", "charges", "owner", base::owner_id(key));
  }

 private:
  Result<std::unique_ptr<sandbox::Server>> server_;
};

// One server process as a caller has it, behind its own faulty network.
struct Process {
  Process(const Service& service, std::string api_key)
      : proxy(static_cast<std::uint16_t>(service.port())), caller{std::move(api_key)} {}

  mcp::ToolResult call(std::string_view tool, const Json& arguments) {
    return run_tool(services, caller, tool, arguments);
  }

  // The first job of this key, made without a fault and ready.
  std::string make_ready_job() {
    const auto created = call("create_video", {{"prompt", "The first."}});
    std::string job_id = created.structured_content.value_or(Json::object()).value("job_id", "");
    for (int i = 0; i < 10'000; ++i) {
      const auto status = call("get_video_status", {{"job_id", job_id}});
      if (status.structured_content && (*status.structured_content)["ready"] == true) break;
      std::this_thread::sleep_for(1ms);
    }
    return job_id;
  }

  fakes::FaultProxy proxy;
  mcp::Caller caller;
  fakes::ScratchFolder folder;
  const base::Clock& clock = base::system_clock();
  net::HttplibClient http{impatient()};
  motion::Client motion{http, clock, {.base_url = proxy.base_url() + "/api/motion"}};
  jobs::Ledger ledger{{folder / "ledger.db", true}, clock};
  jobs::FollowupBaselines baselines{&ledger};
  jobs::SpendGuard guard{ledger, clock, {}};
  jobs::Watcher watcher{motion, baselines, clock, {}};
  tools::Approvals approvals{tools::Approvals::Ask::never, base::SealKeySource::of_this_process(),
                             clock};
  tools::Services services{motion, baselines, clock,
                           guard,  watcher,   approvals,
                           50s,    &ledger,   {&http, &ledger, folder / "videos"}};
};

std::string job_of(const mcp::ToolResult& result) {
  return result.structured_content.value_or(Json::object()).value("job_id", "");
}

// The states and ids that list_videos shows.
bool is_listed(Process& process, const std::string& job_id) {
  const auto list = process.call("list_videos", {{"limit", 50}});
  const Json videos = list.structured_content.value_or(Json::object()).value("videos", Json());
  return std::any_of(videos.begin(), videos.end(), [&](const Json& video) {
    return video.value("job_id", "") == job_id ||
           (video.value("state", "") == "uncertain" && !video.contains("job_id"));
  });
}

// A call that costs money, failing once, and the same again as an agent would.
template <class Fail>
void check_paid(const Service& service, Process& process, std::string_view tool,
                const Json& arguments, std::size_t charges_before, const Fail& fail) {
  const std::string& key = process.caller.credential;
  const auto first = process.call(tool, arguments);
  const std::size_t after_first = service.charges(key).size() - charges_before;
  if (!first.is_error && after_first != 1) fail("a success that cost nothing: " + shown(first));
  if (spent_of(first) == "no" && after_first != 0) fail("not \"nothing spent\": " + shown(first));
  if (first.is_error && spent_of(first).empty()) fail("no word of money: " + shown(first));

  const auto second = process.call(tool, arguments);
  const auto charges = service.charges(key);
  const std::size_t charged = charges.size() - charges_before;
  if (charged > 1) fail("charged twice: " + shown(first) + " / " + shown(second));
  if (charged == 0 && !second.is_error) fail("a success that cost nothing: " + shown(second));
  if (charged != 1) return;
  const std::string job_id = charges.back()["job_id"];
  if (!second.is_error && job_of(second) != job_id) fail("another job: " + shown(second));
  if (!is_listed(process, job_id)) fail("a lost job: " + shown(first) + " / " + shown(second));
}

// `fault_at` is the number of the request that fails.
template <class Fail>
void check_free(const Service& service, Process& process, std::string_view tool,
                const Json& arguments, std::size_t fault_at, const Fail& fail) {
  const std::size_t before = service.charges(process.caller.credential).size();
  const auto first = process.call(tool, arguments);
  if (first.is_error && spent_of(first) != "no") fail("money in a free call: " + shown(first));
  const bool is_over = process.proxy.received() >= fault_at;
  const auto second = process.call(tool, arguments);
  if (is_over && second.is_error) fail("still broken without a fault: " + shown(second));
  if (service.charges(process.caller.credential).size() != before) fail("a free call cost money");
}

struct Case {
  std::string_view tool;
  NamedFault fault;
  int wait_seconds = 0;  // of get_video_status
};

// n rises until the call makes fewer requests than that.
void run_case(const Case& item, int round, Verdicts& verdicts) {
  const Service service;
  for (std::size_t n = 1; n <= kMostRequests; ++n) {
    const std::string name = std::string(item.tool) + ", " + item.fault.name + ", request " +
                             std::to_string(n) + ", round " + std::to_string(round);
    const auto fail = [&](const std::string& what) { verdicts.fail(name + ": " + what); };
    Process process(service, "motion_fault_" + std::to_string(++verdicts.runs) + "_key");
    Json arguments = {{"prompt", "A fox."}};
    std::size_t charges_before = 0;
    if (item.tool != "create_video") {
      const std::string job_id = process.make_ready_job();
      if (job_id.empty()) return fail("the job could not be made");
      charges_before = 1;
      arguments = {{"job_id", job_id}};
      if (item.tool == "list_videos") arguments = {{"refresh", true}};
      if (item.tool == "followup_video") arguments["prompt"] = "Faster.";
      if (item.tool == "get_video_status") arguments["wait_seconds"] = item.wait_seconds;
    }
    const std::size_t at = process.proxy.received() + n;
    process.proxy.harm("", at, item.fault.fault);
    if (item.tool == "create_video" || item.tool == "followup_video") {
      check_paid(service, process, item.tool, arguments, charges_before, fail);
    } else {
      check_free(service, process, item.tool, arguments, at, fail);
    }
    verdicts.charged += static_cast<int>(service.charges(process.caller.credential).size());
    if (process.proxy.received() < at) return;
    ++verdicts.hits;
  }
}

}  // namespace

TEST_CASE("no fault of the network charges twice, hides a charge or loses a job") {
  std::vector<Case> cases;
  for (const char* tool : {"create_video", "followup_video", "get_video_status", "list_videos",
                           "download_video", "refresh_video_card"}) {
    for (const NamedFault& fault : all_faults()) cases.push_back({tool, fault});
  }
  // A wait outlasts what passes, and heeds a Retry-After that is longer than itself.
  for (const NamedFault& fault : all_faults()) {
    if (fault.name != std::string_view("429 for long")) {
      cases.push_back({"get_video_status", fault, 4});
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
