#pragma once

// How long to wait before a repeat. Pure: time and chance come in as arguments.

#include <chrono>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "net/http_client.h"

namespace motion_mcp::net {

struct Backoff {
  std::chrono::milliseconds first{500};
  std::chrono::milliseconds ceiling{8000};
};

// The wait after failed attempt number `attempt` (1, 2, ...): first, doubled per attempt up to the
// ceiling, of which a random half is taken off so that callers spread out. `random_unit` is uniform
// in [0, 1).
std::chrono::milliseconds backoff_delay(int attempt, double random_unit,
                                        const Backoff& backoff = {});

inline constexpr std::chrono::seconds kMaxRetryAfter = std::chrono::hours(1);

// The value of a Retry-After header (RFC 9110 section 10.2.3): seconds, or a date in any of the
// three forms of section 5.6.7, taken relative to `now`. Never negative, at most kMaxRetryAfter;
// nullopt when it cannot be read.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view value, base::WallTime now);

// The Retry-After of an answer. A date counts from the answer's own Date, and from `now` where it
// has none: this machine's clock need not be the service's.
std::optional<std::chrono::seconds> retry_after_of(const Headers& headers, base::WallTime now);

}  // namespace motion_mcp::net
