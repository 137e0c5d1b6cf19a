// Waits decide how hard a struggling service is hit: tries to get a negative, endless or lockstep
// one, from numbers and dates as servers send them.
#include "net/backoff.h"

#include <doctest/doctest.h>

using namespace motion_mcp;
using namespace std::chrono_literals;
using net::backoff_delay;
using net::parse_retry_after;

namespace {

// Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110 section 5.6.7.
const base::WallTime kNow{std::chrono::seconds(784111777)};

}  // namespace

TEST_CASE("a wait doubles up to the ceiling, less a random half") {
  CHECK(backoff_delay(1, 0.0) == 500ms);
  CHECK(backoff_delay(2, 0.0) == 1000ms);
  CHECK(backoff_delay(3, 0.0) == 2000ms);
  CHECK(backoff_delay(5, 0.0) == 8000ms);
  CHECK(backoff_delay(1'000'000, 0.0) == 8000ms);
  CHECK(backoff_delay(1, 0.5) == 375ms);
  CHECK(backoff_delay(1, 0.999) >= 250ms);
  CHECK(backoff_delay(0, 0.0) == 500ms);
  CHECK(backoff_delay(4, 0.0, {100ms, 300ms}) == 300ms);
}

TEST_CASE("Retry-After in seconds is read, up to an hour") {
  CHECK(parse_retry_after("7", kNow) == 7s);
  CHECK(parse_retry_after(" 120 ", kNow) == 120s);
  CHECK(parse_retry_after("0", kNow) == 0s);
  CHECK(parse_retry_after("86400", kNow) == 1h);
  CHECK(parse_retry_after("99999999999999999999999999", kNow) == 1h);
}

TEST_CASE("Retry-After as a date is read in all three forms") {
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:50:37 GMT", kNow) == 60s);
  CHECK(parse_retry_after("Sunday, 06-Nov-94 08:50:37 GMT", kNow) == 60s);
  CHECK(parse_retry_after("Sun Nov  6 08:50:37 1994", kNow) == 60s);
  CHECK(parse_retry_after("Sun Nov 06 08:50:37 1994", kNow) == 60s);
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", kNow + 500ms) == 0s);
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:49:38 GMT", kNow + 500ms) == 1s);
}

TEST_CASE("a date that has passed is now, a far one an hour") {
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", kNow) == 0s);
  CHECK(parse_retry_after("Sun, 06 Nov 2044 08:00:00 GMT", kNow) == 1h);
  CHECK(parse_retry_after("Sunday, 06-Nov-60 08:49:37 GMT", kNow) == 0s);
}

// The form has four digits for a year; a 64-bit count of nanoseconds ends in 2262.
TEST_CASE("so is a date that no clock of ours can hold") {
  CHECK(parse_retry_after("Tue, 28 Apr 6222 03:01:08 GMT", kNow) == 1h);
  CHECK(parse_retry_after("Fri, 31 Dec 9999 23:59:59 GMT", kNow) == 1h);
  CHECK(parse_retry_after("Sat, 01 Jan 0000 00:00:00 GMT", kNow) == 0s);
  const net::Headers headers = {{"Date", "Sat, 01 Jan 0000 00:00:00 GMT"},
                                {"Retry-After", "Fri Dec 31 23:59:59 9999"}};
  CHECK(net::retry_after_of(headers, kNow) == 1h);
}

TEST_CASE("a date to come back at counts from the service's clock, not from a wrong one of ours") {
  const net::Headers headers = {{"Date", "Sun, 06 Nov 1994 10:49:37 GMT"},
                                {"Retry-After", "Sun, 06 Nov 1994 10:49:44 GMT"}};
  CHECK(net::retry_after_of(headers, kNow) == 7s);
  CHECK(net::retry_after_of({{"Retry-After", "Sun, 06 Nov 1994 08:50:37 GMT"}}, kNow) == 60s);
  CHECK(net::retry_after_of({{"Date", "today"}, {"Retry-After", "5"}}, kNow) == 5s);
  CHECK_FALSE(net::retry_after_of({{"Date", "Sun, 06 Nov 1994 10:49:37 GMT"}}, kNow));
}

TEST_CASE("what is neither is nothing") {
  for (const char* value :
       {"", " ", "-1", "1.5", "soon", "7 seconds", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 06 Nov 1994 08:49:37 GMT+1", "06 Nov 1994 08:49:37 GMT"}) {
    CAPTURE(value);
    CHECK_FALSE(parse_retry_after(value, kNow));
  }
}
