#pragma once

// Tools that block until the test lets them go, or until they are stopped.

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "unit/mcp/toy_tools.h"

namespace motion_mcp::test {

inline constexpr std::chrono::seconds kTestDeadline{60};

// Where calls wait. Thread-safe.
class Gate {
 public:
  // Blocks until open() or a stop. False when it was the stop.
  bool pass(const std::stop_token& stop) {
    const std::stop_callback on_stop(stop, [this] {
      const std::lock_guard lock(mutex_);
      changed_.notify_all();
    });
    std::unique_lock lock(mutex_);
    ++entered_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return is_open_ || stop.stop_requested(); });
    const bool is_stopped = stop.stop_requested();
    (is_stopped ? stopped_ : passed_) += 1;
    changed_.notify_all();
    return !is_stopped;
  }
  // Blocks until open() alone.
  void pass_deaf() { pass(std::stop_token()); }

  void open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }

  // Each waits until so many calls did so; false after the deadline.
  bool wait_entered(int count) {
    return wait([&] { return entered_ >= count; });
  }
  bool wait_stopped(int count) {
    return wait([&] { return stopped_ >= count; });
  }
  bool wait_passed(int count) {
    return wait([&] { return passed_ >= count; });
  }
  int entered() {
    const std::lock_guard lock(mutex_);
    return entered_;
  }
  int stopped() {
    const std::lock_guard lock(mutex_);
    return stopped_;
  }

 private:
  template <class Predicate>
  bool wait(Predicate holds) {
    std::unique_lock lock(mutex_);
    return changed_.wait_until(lock, std::chrono::steady_clock::now() + kTestDeadline, holds);
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = false;
  int entered_ = 0;
  int stopped_ = 0;
  int passed_ = 0;
};

inline mcp::ToolResult said(const std::string& text) {
  mcp::ToolResult result;
  result.content.push_back(mcp::text_content(text));
  return result;
}

// Besides the toy tools: `wait` and `tell` only read, `tell` with two reports of progress before it
// waits; `pay`, `order` and `deaf` do not only read: `order` hears nothing but the server's end,
// `deaf` nothing at all; `big` says much; `ask` asks its client, where it can.
inline std::vector<mcp::Tool> gate_tools(Gate& gate) {
  std::vector<mcp::Tool> tools = toy_tools();
  const auto pass = [&gate](const mcp::ToolCall& call) {
    if (gate.pass(call.stop)) return said("passed");
    mcp::ToolResult stopped = said("stopped");
    stopped.is_error = true;
    return stopped;
  };
  tools.push_back(
      {R"({"name":"wait","annotations":{"readOnlyHint":true},"inputSchema":{"type":"object"}})",
       {pass}});
  tools.push_back(
      {R"({"name":"tell","annotations":{"readOnlyHint":true},"inputSchema":{"type":"object"}})",
       {[pass](const mcp::ToolCall& call) {
         call.progress({1, 3, "one"});
         call.progress({2, 3, "two"});
         return pass(call);
       }}});
  tools.push_back({R"({"name":"pay","inputSchema":{"type":"object"}})", {pass}});
  tools.push_back(
      {R"({"name":"order","inputSchema":{"type":"object"}})", {[pass](const mcp::ToolCall& call) {
         mcp::ToolCall seen_through = call;
         seen_through.stop = call.ending;
         return pass(seen_through);
       }}});
  tools.push_back(
      {R"({"name":"deaf","inputSchema":{"type":"object"}})", {[&gate](const mcp::ToolCall&) {
         gate.pass_deaf();
         return said("passed");
       }}});
  tools.push_back(
      {R"({"name":"ask","inputSchema":{"type":"object"}})", {[](const mcp::ToolCall& call) {
         mcp::ToolResult result = said("nobody to ask");
         if (mcp::can_answer(call.capabilities, "elicitation/create")) {
           result.input_required =
               mcp::InputRequired{{{"sure", {"elicitation/create", {{"message", "Sure?"}}}}}, ""};
         }
         return result;
       }}});
  tools.push_back({R"({"name":"big","inputSchema":{"type":"object"}})", {[](const mcp::ToolCall&) {
                     return said(std::string(12UL * 1024 * 1024, 'x'));
                   }}});
  return tools;
}

}  // namespace motion_mcp::test
