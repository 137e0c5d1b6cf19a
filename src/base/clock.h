#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace motion_mcp::base {

using SteadyTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::system_clock::time_point;

// Time as the rest of the program sees it; tests put their own in its place. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual SteadyTime now() const = 0;
  [[nodiscard]] virtual WallTime wall() const = 0;
  // Blocks until `when`, or until a stop is requested. False when stopped.
  virtual bool sleep_until(SteadyTime when, const std::stop_token& stop) const = 0;
};

// The machine's clocks. Lives as long as the process.
const Clock& system_clock();

// "2026-04-28T23:01:04.198Z": RFC 3339, UTC, milliseconds, as the vendor writes times.
std::string to_rfc3339(WallTime time);
// The same moment; nullopt outside of the years 1970 to 2261, between which differences fit too.
std::optional<WallTime> to_wall_time(std::chrono::sys_seconds time);
// Accepts RFC 3339 with `Z` or a numeric offset; nullopt for anything else, and for what
// to_wall_time refuses.
std::optional<WallTime> parse_rfc3339(std::string_view text);

}  // namespace motion_mcp::base
