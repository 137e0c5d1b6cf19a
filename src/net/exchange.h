#pragma once

// A request with the repeats that cannot do harm.

#include <chrono>
#include <functional>
#include <stop_token>

#include "base/clock.h"
#include "base/result.h"
#include "net/http_client.h"

namespace motion_mcp::net {

// A repeated POST starts within this time of the first one: hosts give up on a call after 30 s.
inline constexpr std::chrono::seconds kPostRepeatWindow{10};

struct ExchangeLimits {
  int attempts = 1;
  std::chrono::seconds time{25};         // for all of them
  std::chrono::seconds repeats_for{25};  // a repeat starts within this time of the first one
};

// Sends until there is a 2xx answer, an error that no repeat may follow, no attempt left, or no
// time for another; jittered (backoff.h), and no earlier than a retry_after. `error_of` says what
// any other answer, or none, means: it is repeated when that is unreachable, interrupted,
// rate_limited or unavailable, so for a request that must not be taken twice it has to make
// something else of what may have been taken. `stop` ends what goes before an attempt
// (`cancelled`), `abort` an attempt under way.
Result<HttpResponse> exchange(HttpClient& http, const base::Clock& clock,
                              const HttpRequest& request, const ExchangeLimits& limits,
                              const std::function<Error(Result<HttpResponse>)>& error_of,
                              const std::stop_token& stop, const std::stop_token& abort);

}  // namespace motion_mcp::net
