#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/clock.h"

namespace motion_mcp::net {

// An HTTP-date in any of the three forms of RFC 9110 section 5.6.7; nullopt for anything else.
// `now` says which century a year of two digits belongs to. Whole seconds: base::WallTime cannot
// hold every year of four digits, nor be compared with one.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text, base::WallTime now);

}  // namespace motion_mcp::net
