#pragma once

// Every way in which a request can fail, and a loop over all of them that many threads share.
//
// MOTION_MCP_FAULT_ROUNDS=N goes through all of it N times.

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <future>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/json_value.h"
#include "fakes/fault_proxy.h"
#include "mcp/tool.h"
#include "net/httplib_client.h"
#include "sandbox/server.h"
#include "tools/tool_table.h"

namespace motion_mcp::test {

using namespace std::chrono_literals;
using fakes::Fault;

// Most of a run is waiting.
inline constexpr std::size_t kAtATime = 24;
// No call makes more.
inline constexpr std::size_t kMostRequests = 12;

struct NamedFault {
  const char* name;
  Fault fault;
};

inline std::vector<NamedFault> all_faults() {
  return {
      {"reset before the request", Fault::reset_before_request()},
      {"reset after the request", Fault::reset_after_request()},
      {"reset after the answer", Fault::reset_after_answer()},
      {"body cut at its beginning", Fault::cut_body(0)},
      {"body cut in its middle", Fault::cut_body(20)},
      {"slow body", Fault::drip_body(1ms)},
      {"no answer", Fault::stall()},
      {"429 at once", Fault::answer(429, R"({"error":"Too many"})", {{"Retry-After", "0"}})},
      {"429 for long", Fault::answer(429, R"({"error":"Too many"})", {{"Retry-After", "40"}})},
      {"500 before it was taken", Fault::answer(500, R"({"error":"Internal"})")},
      {"500 after it was taken", Fault::answer_instead(500, R"({"error":"Internal"})")},
      {"502 page", Fault::html(502)},
      {"503 with Retry-After", Fault::answer(503, R"({"error":"Busy"})", {{"Retry-After", "0"}})},
      {"503 without, after it was taken", Fault::answer_instead(503, R"({"error":"Busy"})")},
      {"504 after it was taken", Fault::answer_instead(504, R"({"error":"Timeout"})")},
      {"200 that is no JSON", Fault::not_json()},
      {"202 of another shape", Fault::answer_instead(202, R"({"id":1})")},
      {"redirect", Fault::answer(302, "", {{"Location", "https://example.com/"}})},
  };
}

inline net::HttplibClient::Options impatient() {
  net::HttplibClient::Options options;
  options.read_timeout = 3s;  // longer than a busy machine takes to answer
  return options;
}

// What the sandbox says that it was asked to pay for: the members of `list` at `path` whose `name`
// is `value`, oldest first.
inline std::vector<Json> paid_for(const sandbox::Server& service, const std::string& path,
                                  const char* list, const char* name, const std::string& value) {
  net::HttplibClient client({});
  const auto answer = client.send({"GET", service.origin() + path, {}, {}},
                                  std::chrono::steady_clock::now() + 60s, {});
  std::vector<Json> own;
  if (!answer) return own;
  const Json ledger = Json::parse(answer->body);
  for (const Json& row : ledger[list]) {
    if (row[name] == value) own.push_back(row);
  }
  return own;
}

// A call as the core makes it, without progress and without anybody to ask.
inline mcp::ToolResult run_tool(const tools::Services& services, const mcp::Caller& caller,
                                std::string_view tool, const Json& arguments) {
  const auto tools = tools::all_tools();
  const auto entry = std::find_if(tools.begin(), tools.end(),
                                  [&](const tools::Entry& each) { return each.name == tool; });
  const Json capabilities = Json::object();
  const mcp::InputAnswers input;
  return entry->make(services).run(
      {arguments, caller, [](const auto&) {}, {}, capabilities, input});
}

// What went wrong, for all threads. doctest's own checks are not made for many threads at once.
class Verdicts {
 public:
  void fail(std::string what) {
    const std::scoped_lock lock(mutex_);
    faults_.push_back(std::move(what));
  }
  std::vector<std::string> faults() {
    const std::scoped_lock lock(mutex_);
    return faults_;
  }
  std::atomic<int> runs = 0;
  std::atomic<int> hits = 0;  // runs whose fault was met
  std::atomic<int> charged = 0;

 private:
  std::mutex mutex_;
  std::vector<std::string> faults_;
};

inline std::string spent_of(const mcp::ToolResult& result) {
  return result.meta.is_object() ? result.meta["motion-mcp/error"].value("spent", "") : "";
}

inline std::string shown(const mcp::ToolResult& result) {
  return result.content.empty() ? std::string("nothing") : result.content[0].value("text", "");
}

inline int rounds() {
  const char* const text = std::getenv("MOTION_MCP_FAULT_ROUNDS");
  return text == nullptr ? 1 : std::max(1, std::atoi(text));
}

// Runs all items, in each round, on kAtATime threads.
inline void run_all(std::size_t items,
                    const std::function<void(std::size_t item, int round)>& run) {
  const std::size_t all = items * static_cast<std::size_t>(rounds());
  std::atomic<std::size_t> next = 0;
  std::vector<std::future<void>> threads;
  for (std::size_t i = 0; i < kAtATime; ++i) {
    threads.push_back(std::async(std::launch::async, [&] {
      for (std::size_t item = next++; item < all; item = next++) {
        run(item % items, static_cast<int>(item / items));
      }
    }));
  }
  for (auto& thread : threads) thread.get();
}

}  // namespace motion_mcp::test
