#include "mcp/log_message.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <utility>

#include "jsonrpc/message.h"

namespace motion_mcp::mcp {
namespace {

constexpr std::array<std::string_view, 8> kWords = {"debug", "info",     "notice", "warning",
                                                    "error", "critical", "alert",  "emergency"};

}  // namespace

std::optional<LogLevel> parse_log_level(std::string_view word) {
  const auto found = std::find(kWords.begin(), kWords.end(), word);
  if (found == kWords.end()) return std::nullopt;
  return static_cast<LogLevel>(found - kWords.begin());
}

struct LogReporter::State {
  std::mutex mutex;
  LogLevel least;
  std::function<void(std::string_view)> notify;
  bool is_over = false;

  void report(LogLevel level, const Json& data) {
    const std::lock_guard lock(mutex);
    if (is_over || level < least) return;
    const auto word = kWords.at(static_cast<std::size_t>(level));
    notify(jsonrpc::print_notification("notifications/message", {{"level", word}, {"data", data}}));
  }
};

LogReporter::LogReporter(std::optional<LogLevel> least,
                         std::function<void(std::string_view)> notify) {
  if (!least) return;
  state_ = std::make_shared<State>();
  state_->least = *least;
  state_->notify = std::move(notify);
}

LogReporter::~LogReporter() {
  if (!state_) return;
  const std::lock_guard lock(state_->mutex);
  state_->is_over = true;
}

LogSink LogReporter::sink() const {
  if (!state_) return [](LogLevel, const Json&) {};
  return [state = state_](LogLevel level, const Json& data) { state->report(level, data); };
}

}  // namespace motion_mcp::mcp
