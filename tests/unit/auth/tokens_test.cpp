// Tries to use a code or a token for what it was not given out for.

#include "auth/tokens.h"

#include <doctest/doctest.h>

#include <string>

#include "auth/sealed_json.h"
#include "unit/auth/oauth_bench.h"

using namespace motion_mcp;
using namespace motion_mcp::test;
using namespace std::chrono_literals;
using auth::Tokens;

namespace {

constexpr const char* kResource = "https://mcp.example.org/mcp";

auth::Grant some_grant() {
  return {"grant", "client", kMotionKey, auth::Scope::create};
}

}  // namespace

TEST_CASE("what is sealed comes back") {
  fakes::ManualClock clock;
  const Tokens tokens(seal_keys(), kResource, clock);
  const auto code = tokens.open_code(
      tokens.seal(auth::AuthorizationCode{some_grant(), "redirect", "challenge", true}));
  REQUIRE(code);
  CHECK(code->grant.id == "grant");
  CHECK(code->grant.client == "client");
  CHECK(code->grant.api_key == kMotionKey);
  CHECK(code->grant.scope == auth::Scope::create);
  CHECK(code->redirect == "redirect");
  CHECK(code->challenge == "challenge");
  CHECK(code->may_refresh);
  const auto refresh = tokens.open_refresh(tokens.seal(auth::RefreshToken{some_grant(), 7}));
  REQUIRE(refresh);
  CHECK(refresh->generation == 7);
  auth::Grant reading = some_grant();
  reading.scope = auth::Scope::read;
  const auto access = tokens.open_access(tokens.seal_access(reading));
  REQUIRE(access);
  CHECK(access->scope == auth::Scope::read);
  CHECK(access->api_key == kMotionKey);
}

TEST_CASE("a token of one kind is none of another") {
  fakes::ManualClock clock;
  const Tokens tokens(seal_keys(), kResource, clock);
  const std::string code = tokens.seal(auth::AuthorizationCode{some_grant(), "r", "c", true});
  const std::string refresh = tokens.seal(auth::RefreshToken{some_grant(), 1});
  const std::string access = tokens.seal_access(some_grant());
  CHECK_FALSE(tokens.open_access(code));
  CHECK_FALSE(tokens.open_access(refresh));
  CHECK_FALSE(tokens.open_refresh(access));
  CHECK_FALSE(tokens.open_refresh(code));
  CHECK_FALSE(tokens.open_code(refresh));
  CHECK_FALSE(tokens.open_code(access));
}

TEST_CASE("a token for another audience, or of other keys, is none") {
  fakes::ManualClock clock;
  const Tokens ours(seal_keys(), kResource, clock);
  const Tokens elsewhere(seal_keys(), "https://other.example/mcp", clock);
  const Tokens strangers(seal_keys('x'), kResource, clock);
  CHECK_FALSE(ours.open_access(elsewhere.seal_access(some_grant())));
  CHECK_FALSE(ours.open_access(strangers.seal_access(some_grant())));
  CHECK_FALSE(
      ours.open_code(elsewhere.seal(auth::AuthorizationCode{some_grant(), "r", "c", true})));
}

TEST_CASE("every token ends at its time") {
  fakes::ManualClock clock;
  const Tokens tokens(seal_keys(), kResource, clock);
  const std::string code = tokens.seal(auth::AuthorizationCode{some_grant(), "r", "c", true});
  const std::string access = tokens.seal_access(some_grant());
  const std::string refresh = tokens.seal(auth::RefreshToken{some_grant(), 1});
  clock.advance(auth::kCodeLifetime - 1s);
  CHECK(tokens.open_code(code));
  clock.advance(1s);
  CHECK_FALSE(tokens.open_code(code));
  clock.advance(auth::kAccessLifetime - auth::kCodeLifetime - 1s);
  CHECK(tokens.open_access(access));
  clock.advance(1s);
  CHECK_FALSE(tokens.open_access(access));
  clock.advance(auth::kRefreshLifetime - auth::kAccessLifetime - 1s);
  CHECK(tokens.open_refresh(refresh));
  clock.advance(1s);
  CHECK_FALSE(tokens.open_refresh(refresh));
}

TEST_CASE("no byte of a token can be changed, added or left away") {
  fakes::ManualClock clock;
  const Tokens tokens(seal_keys(), kResource, clock);
  const std::string token = tokens.seal_access(some_grant());
  for (std::size_t at = 0; at < token.size(); ++at) {
    std::string altered = token;
    altered[at] = altered[at] == 'A' ? 'B' : 'A';
    CHECK_FALSE(tokens.open_access(altered));
  }
  CHECK_FALSE(tokens.open_access(token + "A"));
  CHECK_FALSE(tokens.open_access(token.substr(1)));
  CHECK_FALSE(tokens.open_access(""));
}

TEST_CASE("the key cannot be read from a token, nor who has the same") {
  fakes::ManualClock clock;
  const Tokens tokens(seal_keys(), kResource, clock);
  const std::string token = tokens.seal_access(some_grant());
  const auto bytes = base::decode_base64url(token);
  REQUIRE(bytes);
  CHECK(bytes->find(kMotionKey) == std::string::npos);
  CHECK(bytes->find("motion_") == std::string::npos);
  CHECK(tokens.seal_access(some_grant()) != token);
}

TEST_CASE("a token that another version sealed is none, and no fault of this one") {
  fakes::ManualClock clock;
  const auto keys = seal_keys();
  const Tokens tokens(keys, kResource, clock);
  const Json whole = {{"grant", "g"},    {"client", "c"},   {"key", kMotionKey},
                      {"create", true},  {"redirect", "r"}, {"challenge", "c"},
                      {"refresh", true}, {"generation", 1}};
  const auto sealed = [&](base::SealPurpose purpose, const Json& members) {
    return auth::seal_json({*keys, purpose, kResource}, members, clock.wall() + 1min);
  };
  using enum base::SealPurpose;
  CHECK(tokens.open_access(sealed(access, whole)));
  CHECK(tokens.open_code(sealed(code, whole)));
  CHECK(tokens.open_refresh(sealed(refresh, whole)));
  for (const char* name : {"grant", "client", "key"}) {
    for (const Json& value : {Json(), Json(7), Json::object()}) {
      Json other = whole;
      other[name] = value;
      CHECK(tokens.open_access(sealed(access, other)).error().kind == ErrorKind::invalid_argument);
      CHECK_FALSE(tokens.open_code(sealed(code, other)));
      CHECK_FALSE(tokens.open_refresh(sealed(refresh, other)));
    }
    Json less = whole;
    less.erase(name);
    CHECK_FALSE(tokens.open_access(sealed(access, less)));
  }
  Json less = whole;
  less.erase("generation");
  less.erase("create");
  less.erase("refresh");
  CHECK_FALSE(tokens.open_refresh(sealed(refresh, less)));
  // What is left out allows nothing.
  const auto grant = tokens.open_access(sealed(access, less));
  REQUIRE(grant);
  CHECK(grant->scope == auth::Scope::read);
  const auto code_without = tokens.open_code(sealed(code, less));
  REQUIRE(code_without);
  CHECK_FALSE(code_without->may_refresh);
}
