#pragma once

// Log lines go to stderr and nowhere else (on stdio, stdout belongs to MCP). Every line passes the
// redactor. Thread-safe.

#include <string_view>

namespace motion_mcp::base {

enum class LogLevel { debug, info, warning, error, off };

// Default: warning.
void set_log_level(LogLevel level);

void log(LogLevel level, std::string_view message);

inline void log_debug(std::string_view message) {
  log(LogLevel::debug, message);
}
inline void log_info(std::string_view message) {
  log(LogLevel::info, message);
}
inline void log_warning(std::string_view message) {
  log(LogLevel::warning, message);
}
inline void log_error(std::string_view message) {
  log(LogLevel::error, message);
}

}  // namespace motion_mcp::base
