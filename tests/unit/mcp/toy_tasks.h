#pragma once

// Tools whose work the test itself moves on.

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "mcp/task.h"

namespace motion_mcp::test {

inline mcp::ToolResult says(std::string_view text) {
  mcp::ToolResult result;
  result.content.push_back(mcp::text_content(text));
  return result;
}

inline mcp::TaskView working(std::string message = {}) {
  mcp::TaskView view;
  view.status_message = std::move(message);
  return view;
}

inline mcp::TaskView completed(std::string_view text) {
  mcp::TaskView view;
  view.status = mcp::TaskStatus::completed;
  view.result = says(text);
  return view;
}

// Where the work of all these tools stands, by the `state` that they were called with. Thread-safe.
class ToyWork {
 public:
  void stands(const std::string& state, mcp::TaskView view) {
    const std::lock_guard lock(mutex_);
    views_[state] = std::move(view);
    for (const auto& [number, changed] : watchers_) changed();
  }
  void forget(const std::string& state) {
    const std::lock_guard lock(mutex_);
    views_.erase(state);
  }
  // Moves the work on without a word to those who watch.
  void stands_silently(const std::string& state, mcp::TaskView view) {
    const std::lock_guard lock(mutex_);
    views_[state] = std::move(view);
  }
  void refuse_watching() { can_be_watched_ = false; }
  [[nodiscard]] std::size_t watchers() const {
    const std::lock_guard lock(mutex_);
    return watchers_.size();
  }
  [[nodiscard]] Json responses() const {
    const std::lock_guard lock(mutex_);
    return responses_;
  }

  // `work` has a plain answer as well; `only` has none; `bare` can be looked at and nothing else;
  // `ask` wants a name first; `broken` throws when it is asked how it stands.
  std::vector<mcp::Tool> tools() {
    mcp::TaskCode full;
    full.look = [this](const mcp::TaskCall& call) { return view_of(call); };
    full.update = [this](const mcp::TaskCall& call, const Json& responses) {
      return update(call, responses);
    };
    full.cancel = [this](const mcp::TaskCall& call) { return cancel(call); };
    full.watch = [this](const mcp::TaskCall&, std::function<void()> changed) {
      return watch(std::move(changed));
    };
    mcp::TaskCode only = full;
    only.is_only_answer = true;
    mcp::TaskCode bare;
    bare.look = full.look;
    mcp::TaskCode broken;
    broken.look = [](const mcp::TaskCall&) -> std::optional<mcp::TaskView> {
      throw std::runtime_error("secret");
    };

    const auto start = [this](const mcp::ToolCall& call) { return started(call, says("done")); };
    std::vector<mcp::Tool> tools;
    tools.push_back(tool(R"({"name":"work","inputSchema":{"type":"object"}})", start, full));
    tools.push_back(tool(R"({"name":"only","inputSchema":{"type":"object"}})",
                         [this](const mcp::ToolCall& call) { return started(call, {}); }, only));
    tools.push_back(tool(R"({"name":"bare","inputSchema":{"type":"object"}})", start, bare));
    tools.push_back(tool(R"({"name":"ask","inputSchema":{"type":"object"}})", ask, full));
    tools.push_back(tool(R"({"name":"broken","inputSchema":{"type":"object"}})", start, broken));
    return tools;
  }

 private:
  static mcp::Tool tool(std::string_view definition, mcp::ToolHandler run, mcp::TaskCode code) {
    return {definition,
            {std::move(run), {}, std::make_shared<const mcp::TaskCode>(std::move(code))}};
  }

  mcp::ToolResult started(const mcp::ToolCall& call, mcp::ToolResult plain) {
    const std::string state = call.arguments.value("state", "s");
    const std::lock_guard lock(mutex_);
    views_.emplace(state, working());
    plain.task = mcp::StartedTask{state, "It is begun.", std::chrono::milliseconds(1500)};
    return plain;
  }

  static mcp::ToolResult ask(const mcp::ToolCall& call) {
    const auto answer = call.input.answers.find("user_name");
    mcp::ToolResult result = says("hello");
    if (answer == call.input.answers.end()) {
      result.input_required =
          mcp::InputRequired{{{"user_name", {"elicitation/create", {{"mode", "form"}}}}}, ""};
    } else {
      result.task = mcp::StartedTask{(*answer)["content"].value("name", "")};
    }
    return result;
  }

  std::optional<mcp::TaskView> view_of(const mcp::TaskCall& call) {
    const std::lock_guard lock(mutex_);
    const auto found = views_.find(std::string(call.state));
    return found == views_.end() ? std::nullopt : std::optional(found->second);
  }

  std::optional<mcp::TaskAck> update(const mcp::TaskCall& call, const Json& responses) {
    if (!view_of(call)) return std::nullopt;
    const std::lock_guard lock(mutex_);
    responses_ = responses;
    return mcp::TaskAck{};
  }

  std::optional<mcp::TaskAck> cancel(const mcp::TaskCall& call) {
    const std::lock_guard lock(mutex_);
    const auto found = views_.find(std::string(call.state));
    if (found == views_.end()) return std::nullopt;
    if (!is_over(found->second.status)) found->second.status = mcp::TaskStatus::cancelled;
    return mcp::TaskAck{{{"toy/note", "stopped"}}};
  }

  mcp::TaskCode::Subscription watch(std::function<void()> changed) {
    const std::lock_guard lock(mutex_);
    if (!can_be_watched_) return nullptr;
    const int number = next_watcher_++;
    watchers_[number] = std::move(changed);
    return {&watchers_[number], [this, number](const void*) {
              const std::lock_guard leaving(mutex_);
              watchers_.erase(number);
            }};
  }

  mutable std::mutex mutex_;
  std::map<std::string, mcp::TaskView> views_;
  std::map<int, std::function<void()>> watchers_;
  int next_watcher_ = 0;
  bool can_be_watched_ = true;
  Json responses_;
};

}  // namespace motion_mcp::test
