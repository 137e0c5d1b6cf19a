// Tries to have a POST that may have been taken counted as one that was not, and to have a wait
// counted by a clock that is wrong.
#include "net/refusal.h"

#include <doctest/doctest.h>

using namespace motion_mcp;
using namespace std::chrono_literals;
using net::HttpResponse;

namespace {

bool was_not_taken(int status, const net::Headers& headers = {}) {
  const HttpResponse response{status, headers, ""};
  return net::was_not_taken(net::take_apart(response, {}));
}

}  // namespace

TEST_CASE("a POST was not taken only when the status says so") {
  for (const int status : {301, 307, 308, 400, 401, 402, 403, 404, 409, 413, 422, 429}) {
    CAPTURE(status);
    CHECK(was_not_taken(status));
  }
  for (const int status : {302, 303, 408, 500, 502, 503, 504, 599}) {
    CAPTURE(status);
    CHECK_FALSE(was_not_taken(status));
  }
  CHECK(was_not_taken(503, {{"Retry-After", "5"}}));
  CHECK_FALSE(was_not_taken(503, {{"Retry-After", "soon"}}));
  CHECK_FALSE(was_not_taken(502, {{"Retry-After", "5"}}));
}

TEST_CASE("a wait until a date is counted from the answer's own clock") {
  const HttpResponse response{
      429,
      {{"Date", "Sat, 21 Nov 2026 12:00:00 GMT"}, {"Retry-After", "Sat, 21 Nov 2026 12:00:07 GMT"}},
      "{}"};
  const base::WallTime an_hour_late = base::WallTime(1795262400s) + 1h;
  const auto refusal = net::take_apart(response, an_hour_late);
  CHECK(refusal.retry_after == 7s);
  CHECK(refusal.is_json);
  CHECK(net::wait_in_words(refusal) == "7 s");
  CHECK(net::wait_in_words(net::Refusal{response}) == "a minute");
}
