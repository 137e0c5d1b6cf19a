#include "net/exchange.h"

#include <algorithm>
#include <utility>

#include "base/random.h"
#include "net/backoff.h"

namespace motion_mcp::net {
namespace {

bool is_repeatable(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::unreachable:
    case ErrorKind::interrupted:
    case ErrorKind::rate_limited:
    case ErrorKind::unavailable:
      return true;
    default:
      return false;
  }
}

base::SteadyTime::duration wait_after(int attempt, const Error& error) {
  const std::chrono::milliseconds backoff = backoff_delay(attempt, base::random_unit());
  const std::chrono::milliseconds asked_for = error.retry_after.value_or(std::chrono::seconds(0));
  return std::max(backoff, asked_for);
}

}  // namespace

Result<HttpResponse> exchange(HttpClient& http, const base::Clock& clock,
                              const HttpRequest& request, const ExchangeLimits& limits,
                              const std::function<Error(Result<HttpResponse>)>& error_of,
                              const std::stop_token& stop, const std::stop_token& abort) {
  const base::SteadyTime begun = clock.now();
  const base::SteadyTime deadline = begun + limits.time;
  const base::SteadyTime last_start = begun + limits.repeats_for;
  const Error cancelled{ErrorKind::cancelled, "the call was cancelled before anything was taken"};
  for (int attempt = 1;; ++attempt) {
    if (stop.stop_requested()) return cancelled;
    Result<HttpResponse> answer = http.send(request, deadline, abort);
    if (answer && answer->status / 100 == 2) return answer;
    Error error = error_of(std::move(answer));
    if (attempt == limits.attempts || !is_repeatable(error.kind)) return error;
    const base::SteadyTime next = clock.now() + wait_after(attempt, error);
    if (next >= last_start) return error;
    if (!clock.sleep_until(next, stop)) return cancelled;
  }
}

}  // namespace motion_mcp::net
