// One caller must not take the server from the others, and nobody may start paid work faster than
// allowed: these tests try to get one place more than there is.
#include "transport/admission.h"

#include "http/front_fixture.h"

using namespace motion_mcp;
using namespace motion_mcp::test;
using namespace std::chrono_literals;
using transport::Admission;

namespace {

using Entered = std::variant<std::shared_ptr<Admission::Ticket>, Admission::Refused>;

bool is_in(const Entered& entered) {
  return entered.index() == 0;
}

}  // namespace

TEST_CASE("a place is free again when its ticket is gone") {
  const fakes::ManualClock clock;
  Admission admission({3, 2, 100}, clock);
  auto first = admission.enter("a", false);
  auto second = admission.enter("a", false);
  CHECK(is_in(second));
  const auto third = admission.enter("a", false);
  REQUIRE_FALSE(is_in(third));
  CHECK(std::get<Admission::Refused>(third).why == Admission::Refusal::owner_is_full);
  auto other = admission.enter("b", false);
  CHECK(is_in(other));
  const auto full = admission.enter("b", false);
  REQUIRE_FALSE(is_in(full));
  CHECK(std::get<Admission::Refused>(full).why == Admission::Refusal::server_is_full);
  first = Admission::Refused{};
  CHECK(is_in(admission.enter("a", false)));
}

TEST_CASE("paid work is counted over a minute, and the refusal says when it is over") {
  fakes::ManualClock clock;
  Admission admission({100, 100, 2}, clock);
  CHECK(is_in(admission.enter("a", true)));
  clock.advance(20s);
  CHECK(is_in(admission.enter("a", true)));
  const auto refused = admission.enter("a", true);
  REQUIRE_FALSE(is_in(refused));
  CHECK(std::get<Admission::Refused>(refused).retry_after == 40s);
  CHECK(is_in(admission.enter("a", false)));
  CHECK(is_in(admission.enter("b", true)));
  clock.advance(40s);
  CHECK(is_in(admission.enter("a", true)));
}

TEST_CASE("several paid calls that come together count as many as they are") {
  fakes::ManualClock clock;
  Admission admission({100, 100, 3}, clock);
  CHECK(is_in(admission.enter("a", 2)));
  clock.advance(20s);
  const auto two = admission.enter("a", 2);
  REQUIRE_FALSE(is_in(two));
  CHECK(std::get<Admission::Refused>(two).retry_after == 40s);
  CHECK(is_in(admission.enter("a", 1)));  // the two that were refused count for nothing
  const auto four = admission.enter("b", 4);
  REQUIRE_FALSE(is_in(four));
  CHECK(std::get<Admission::Refused>(four).retry_after == 60s);
}

TEST_CASE("over HTTP a batch of paid calls is one call under way and as many paid ones as it has") {
  Front front({.in_flight = 1, .in_flight_per_owner = 1, .paid_per_minute = 3});
  const auto batch = [&](int calls) {
    std::string body;
    for (int i = 0; i < calls; ++i) {
      body += (i == 0 ? "[" : ",") + (R"({"jsonrpc":"2.0","id":)" + std::to_string(i)) +
              R"(,"method":"tools/call","params":{"name":"echo","arguments":{"text":"a"}}})";
    }
    return front.serve(post(body + "]")).status;
  };
  CHECK(batch(4) == 429);
  CHECK(batch(2) == 200);
  CHECK(batch(2) == 429);
  CHECK(batch(1) == 200);
  CHECK(batch(1) == 429);
}

TEST_CASE("callers who come once leave nothing behind") {
  fakes::ManualClock clock;
  Admission admission({100, 100, 2}, clock);
  for (int i = 0; i < 20'000; ++i) {
    CHECK(is_in(admission.enter("owner" + std::to_string(i), true)));
    if (i % 100 == 0) clock.advance(10s);
  }
  CHECK(admission.known_owners() < 5'000);
}

TEST_CASE("over HTTP a refusal is 429 or 503 with the time to come back") {
  Front front({2, 1, 100});
  const auto call = legacy("tools/call", R"("name":"echo","arguments":{"text":"a"})");
  const auto held = front.front.serve(call);
  const auto refused = front.serve(call);
  CHECK(refused.status == 429);
  CHECK(header(refused, "Retry-After") == "2");
  const auto held_too = front.front.serve(with(call, "Authorization", "Bearer motion_another_key"));
  CHECK(front.serve(with(call, "Authorization", "Bearer motion_third_key")).status == 503);
  CHECK(front.serve(legacy("tools/list", "")).status == 200);
}
