// The form. Tries to have it sent by others, sent late, and sent with what is no key; and looks for
// the key where it must not be.

#include "unit/auth/oauth_bench.h"

using namespace motion_mcp;
using namespace motion_mcp::test;
using namespace std::chrono_literals;
using auth::KeyVerdict;

namespace {

bool asks_again(const base::HttpReply& reply) {
  return header(reply, "Location").empty() &&
         reply.body.find("name=\"ticket\"") != std::string::npos;
}

bool is_refused(const base::HttpReply& reply) {
  return reply.status == 403 && header(reply, "Location").empty() &&
         reply.body.find("name=\"ticket\"") == std::string::npos;
}

OpenPage open_page(OAuthBench& bench) {
  return bench.open(bench.authorization(bench.register_client()));
}

}  // namespace

TEST_CASE("a person who agrees is sent back with a code, the state and who answers") {
  OAuthBench bench;
  const auto reply = bench.consent(open_page(bench), OAuthBench::yes());
  CHECK(reply.status == 303);
  CHECK(header(reply, "Referrer-Policy") == "no-referrer");
  const std::string location = header(reply, "Location");
  CHECK(location.starts_with(std::string(kRedirect) + "?code="));
  CHECK(query_value(location, "state") == "the state");
  CHECK(query_value(location, "iss") == kIssuer);
  CHECK(query_value(location, "error").empty());
  CHECK(location.find("motion_") == std::string::npos);
  CHECK(bench.service.asked == std::vector<std::string>{kMotionKey});
}

TEST_CASE("a person who declines is sent back with that, and no key is looked at") {
  OAuthBench bench;
  const auto reply =
      bench.consent(open_page(bench), {{"decision", "deny"}, {"api_key", kMotionKey}});
  CHECK(reply.status == 303);
  const std::string location = header(reply, "Location");
  CHECK(query_value(location, "error") == "access_denied");
  CHECK(query_value(location, "state") == "the state");
  CHECK(query_value(location, "iss") == kIssuer);
  CHECK(query_value(location, "code").empty());
  CHECK(bench.service.asked.empty());
}

TEST_CASE("an answer is added to the query that a redirect URI has") {
  OAuthBench bench;
  const std::string uri = "https://a.example/cb?tenant=1";
  const std::string id = bench.register_client({{"redirect_uris", {uri}}});
  const auto page =
      bench.open(without(with(bench.authorization(id), "redirect_uri", uri), "state"));
  const std::string location = header(bench.consent(page, OAuthBench::yes()), "Location");
  CHECK(location.starts_with(uri + "&code="));
  CHECK(location.find("state=") == std::string::npos);
}

TEST_CASE("a form is good with its own browser's cookie only") {
  OAuthBench bench;
  const auto victim = open_page(bench);
  auto attacker = open_page(bench);
  CHECK(victim.cookie != attacker.cookie);
  attacker.cookie = victim.cookie;  // the attacker's form, sent by the victim's browser
  CHECK(is_refused(bench.consent(attacker, OAuthBench::yes())));
  attacker.cookie.clear();
  CHECK(is_refused(bench.consent(attacker, OAuthBench::yes())));
  attacker.cookie = "__Host-motion-consent=";
  CHECK(is_refused(bench.consent(attacker, OAuthBench::yes())));
  CHECK(bench.service.asked.empty());
  CHECK(bench.consent(victim, OAuthBench::yes()).status == 303);
}

TEST_CASE("two pages in one browser are both good") {
  OAuthBench bench;
  const Fields request = bench.authorization(bench.register_client());
  const auto first = bench.open(request);
  const auto second = OAuthBench::page_of(
      bench.get("/oauth/authorize?" + encode(request), {{"Cookie", "a=b; " + first.cookie}}));
  CHECK(second.cookie == first.cookie);
  CHECK(bench.consent(first, OAuthBench::yes()).status == 303);
  CHECK(bench.consent(second, OAuthBench::yes()).status == 303);
}

TEST_CASE("a form from another site is refused, also when it knows everything") {
  OAuthBench bench;
  const auto page = open_page(bench);
  for (const char* origin : {"https://evil.example", "null", "http://mcp.example.org", ""}) {
    CAPTURE(origin);
    CHECK(is_refused(bench.consent(page, OAuthBench::yes(), {{"Origin", origin}})));
  }
  CHECK(bench.consent(page, OAuthBench::yes(), {{"Origin", kIssuer}}).status == 303);
}

TEST_CASE("a form is good for ten minutes, unaltered") {
  OAuthBench bench;
  auto page = open_page(bench);
  auto altered = page;
  altered.ticket[altered.ticket.size() / 2] ^= 1;
  CHECK(is_refused(bench.consent(altered, OAuthBench::yes())));
  altered.ticket.clear();
  CHECK(is_refused(bench.consent(altered, OAuthBench::yes())));
  bench.clock.advance(auth::ConsentTickets::kLifetime);
  CHECK(is_refused(bench.consent(page, OAuthBench::yes())));
}

TEST_CASE("what is no key is never sent to the service") {
  OAuthBench bench;
  const auto page = open_page(bench);
  for (const char* key :
       {"", "motion_", "sk-0123456789", "motion_a b", "motion_a\nb", "motion_\xC3\xA4"}) {
    CAPTURE(key);
    const auto reply = bench.consent(page, OAuthBench::yes(key));
    CHECK(reply.status == 400);
    CHECK(asks_again(reply));
    CHECK(reply.body.find("aria-invalid=\"true\"") != std::string::npos);
  }
  CHECK(bench.consent(page, OAuthBench::yes("motion_" + std::string(200, 'a'))).status == 400);
  CHECK(bench.service.asked.empty());
}

TEST_CASE("blanks around a pasted key do not count") {
  OAuthBench bench;
  const auto page = open_page(bench);
  CHECK(bench.consent(page, OAuthBench::yes(std::string(" ") + kMotionKey + "\r\n")).status == 303);
  CHECK(bench.service.asked == std::vector<std::string>{kMotionKey});
}

TEST_CASE("a key that the service refuses is asked for again, and is not on the page") {
  OAuthBench bench;
  bench.service.verdict = KeyVerdict::bad;
  const auto page = open_page(bench);
  const auto reply = bench.consent(page, OAuthBench::yes());
  CHECK(reply.status == 400);
  CHECK(asks_again(reply));
  CHECK(reply.body.find("Motion refuses this key") != std::string::npos);
  CHECK(reply.body.find(kMotionKey) == std::string::npos);
  const auto again = OAuthBench::page_of(reply);
  // "unchecked" is no way around a refusal.
  CHECK(asks_again(bench.consent(again, {{"decision", "unchecked"}, {"api_key", kMotionKey}})));
  CHECK(asks_again(bench.consent(again, {{"decision", "unchecked"}})));
  bench.service.verdict = KeyVerdict::good;
  CHECK(bench.consent(again, OAuthBench::yes()).status == 303);
}

TEST_CASE("a key that could not be checked may be used all the same, when the person says so") {
  OAuthBench bench;
  bench.service.verdict = KeyVerdict::unknown;
  const auto reply = bench.consent(open_page(bench), OAuthBench::yes());
  CHECK(reply.status == 200);
  CHECK(asks_again(reply));
  CHECK(reply.body.find("could not tell") != std::string::npos);
  CHECK(reply.body.find(kMotionKey) == std::string::npos);
  const auto page = OAuthBench::page_of(reply);
  SUBCASE("without the check") {
    CHECK(bench.consent(page, {{"decision", "unchecked"}}).status == 303);
    CHECK(bench.service.asked.size() == 1);
  }
  SUBCASE("checked again, without typing it again") {
    bench.service.verdict = KeyVerdict::good;
    CHECK(bench.consent(page, {{"decision", "allow"}}).status == 303);
    CHECK(bench.service.asked == std::vector<std::string>{kMotionKey, kMotionKey});
  }
  SUBCASE("another key is checked as any") {
    bench.service.verdict = KeyVerdict::bad;
    const auto other =
        bench.consent(page, {{"decision", "unchecked"}, {"api_key", "motion_other_key"}});
    CHECK(asks_again(other));
    CHECK(bench.service.asked.back() == "motion_other_key");
  }
}

TEST_CASE("an address tries so many keys in a minute") {
  OAuthBench bench;
  bench.service.verdict = KeyVerdict::bad;
  const auto page = open_page(bench);
  for (std::size_t i = 0; i < auth::OAuthFront::kKeysPerMinute; ++i) {
    REQUIRE(bench.consent(page, OAuthBench::yes()).status == 400);
  }
  const auto reply = bench.consent(page, OAuthBench::yes());
  CHECK(reply.status == 429);
  CHECK(header(reply, "Retry-After") == "60");
  CHECK(bench.service.asked.size() == auth::OAuthFront::kKeysPerMinute);
}

TEST_CASE("a key that is used without the check counts as tried") {
  OAuthBench bench;
  bench.service.verdict = KeyVerdict::unknown;
  std::vector<OpenPage> pages;
  for (std::size_t i = 0; i + 1 < auth::OAuthFront::kKeysPerMinute; ++i) {
    pages.push_back(OAuthBench::page_of(bench.consent(open_page(bench), OAuthBench::yes())));
  }
  CHECK(bench.consent(pages[0], {{"decision", "unchecked"}}).status == 303);
  const auto refused = bench.consent(pages[1], {{"decision", "unchecked"}});
  CHECK(refused.status == 429);
  CHECK(asks_again(refused));
}

TEST_CASE("what a person agreed to once is agreed to once, and who goes back is told") {
  OAuthBench bench;
  const auto page = open_page(bench);
  CHECK(bench.consent(page, OAuthBench::yes()).status == 303);
  const auto again = bench.consent(page, OAuthBench::yes());
  CHECK(is_refused(again));
  CHECK(again.body.find("start again in the program") != std::string::npos);
}

TEST_CASE("all forms of one request yield one grant between them") {
  OAuthBench bench;
  bench.service.verdict = KeyVerdict::unknown;
  const auto first = open_page(bench);
  const auto second = OAuthBench::page_of(bench.consent(first, OAuthBench::yes()));
  CHECK(bench.consent(second, {{"decision", "unchecked"}}).status == 303);
  CHECK(is_refused(bench.consent(second, {{"decision", "unchecked"}})));
  bench.service.verdict = KeyVerdict::good;
  CHECK(is_refused(bench.consent(first, OAuthBench::yes())));
}

TEST_CASE("a form that is shown again is good no longer than the first") {
  OAuthBench bench;
  const auto first = open_page(bench);
  bench.clock.advance(auth::ConsentTickets::kLifetime - 10s);
  bench.service.verdict = KeyVerdict::bad;
  const auto second = OAuthBench::page_of(bench.consent(first, OAuthBench::yes()));
  bench.service.verdict = KeyVerdict::good;
  bench.clock.advance(10s);
  CHECK(is_refused(bench.consent(second, OAuthBench::yes())));
}

TEST_CASE("who agreed gets no further form for it, and cannot decline it any more") {
  OAuthBench bench;
  const auto page = open_page(bench);
  CHECK(bench.consent(page, OAuthBench::yes()).status == 303);
  bench.service.asked.clear();
  bench.clock.advance(auth::ConsentTickets::kLifetime - 10s);
  CHECK(is_refused(bench.consent(page, OAuthBench::yes("no key"))));
  bench.service.verdict = KeyVerdict::bad;
  CHECK(is_refused(bench.consent(page, OAuthBench::yes())));
  CHECK(is_refused(bench.consent(page, {{"decision", "deny"}})));
  CHECK(bench.service.asked.empty());
}

TEST_CASE("nothing is agreed to while it cannot be remembered") {
  class BrokenStore final : public auth::GrantStore {
   public:
    Result<Use> use(std::string_view, std::int64_t, base::WallTime, base::WallTime) override {
      return Error{ErrorKind::unavailable, "the disk is full"};
    }
    Result<bool> is_known(std::string_view) override { return false; }
    Result<void> revoke(std::string_view, base::WallTime, base::WallTime) override { return {}; }
    [[nodiscard]] bool is_revoked(std::string_view) const override { return false; }
  };
  OAuthBench bench(kIssuer, seal_keys(), std::make_unique<BrokenStore>());
  const auto reply = bench.consent(open_page(bench), OAuthBench::yes());
  CHECK(reply.status == 503);
  CHECK(header(reply, "Location").empty());
  CHECK(reply.body.find("disk") == std::string::npos);
}

TEST_CASE("a person may leave the spending away") {
  OAuthBench bench;
  const std::string id = bench.register_client();
  const std::string code = bench.code(id, {{"decision", "allow"}, {"api_key", kMotionKey}});
  const Json tokens = bench.tokens(bench.exchange(id, code));
  CHECK(tokens["scope"] == "videos:read");
  const auto grant = bench.front.open_access(tokens["access_token"].get<std::string>());
  REQUIRE(grant);
  CHECK(grant->scope == auth::Scope::read);
}

TEST_CASE("a client that asked for reading gets no more, whatever the form says") {
  OAuthBench bench;
  const std::string id = bench.register_client();
  const auto page = bench.open(with(bench.authorization(id), "scope", "videos:read"));
  CHECK(page.reply.body.find("spends your credits") == std::string::npos);
  const auto reply = bench.consent(page, OAuthBench::yes());
  const std::string code = query_value(header(reply, "Location"), "code");
  CHECK(bench.tokens(bench.exchange(id, code))["scope"] == "videos:read");
}

TEST_CASE("a form of another media type is none") {
  OAuthBench bench;
  const auto page = open_page(bench);
  Fields fields = OAuthBench::yes();
  fields.emplace_back("ticket", page.ticket);
  const auto reply = bench.front.serve({"POST",
                                        "/oauth/authorize",
                                        {{"Content-Type", "text/plain"}, {"Cookie", page.cookie}},
                                        encode(fields),
                                        bench.address},
                                       {});
  CHECK(reply.status == 400);
  CHECK(bench.service.asked.empty());
}
