#pragma once

// What a request has to say while it runs (MCP "Logging"; deprecated in 2026-07-28, where a request
// asks for it itself).

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "base/json_value.h"

namespace motion_mcp::mcp {

// RFC 5424 section 6.2.1, least severe first.
enum class LogLevel { debug, info, notice, warning, error, critical, alert, emergency };

std::optional<LogLevel> parse_log_level(std::string_view word);

// Tells the client something, any JSON; does nothing when the client did not ask for that level.
// Messages after the call returned are dropped.
using LogSink = std::function<void(LogLevel, const Json& data)>;

// Turns a call's messages into notifications/message, as long as this object lives.
class LogReporter {
 public:
  // `least` is the level that the client asked for; nullopt for no messages at all.
  LogReporter(std::optional<LogLevel> least,
              std::function<void(std::string_view notification)> notify);
  ~LogReporter();
  LogReporter(const LogReporter&) = delete;
  LogReporter& operator=(const LogReporter&) = delete;

  // Safe to call from any thread, also after the reporter is gone.
  [[nodiscard]] LogSink sink() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace motion_mcp::mcp
