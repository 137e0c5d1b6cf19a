// Codes and tokens in use. Tries to use them twice, with another client, verifier or redirect, for
// another resource, after their end.

#include "auth/file_grant_store.h"
#include "fakes/scratch_folder.h"
#include "unit/auth/oauth_bench.h"

using namespace motion_mcp;
using namespace motion_mcp::test;
using namespace std::chrono_literals;

namespace {

struct Flow {
  OAuthBench bench;
  std::string client = bench.register_client();

  Json authorized() { return bench.tokens(bench.exchange(client, bench.code(client))); }
  Json refreshed(const Json& tokens) {
    return bench.tokens(OAuthBench::refresh(client, tokens["refresh_token"].get<std::string>()));
  }
  std::string refresh_error(const Json& tokens) {
    return bench.token_error(
        OAuthBench::refresh(client, tokens["refresh_token"].get<std::string>()));
  }
  bool opens(const Json& tokens) { return bench.opens(tokens["access_token"].get<std::string>()); }
};

}  // namespace

TEST_CASE("a code buys a token that opens the key of who agreed") {
  Flow flow;
  const auto reply =
      flow.bench.token(flow.bench.exchange(flow.client, flow.bench.code(flow.client)));
  CHECK(reply.status == 200);
  const Json tokens = Json::parse(reply.body);
  CHECK(tokens["token_type"] == "Bearer");
  CHECK(tokens["expires_in"] == 1800);
  CHECK(tokens["scope"] == "videos:read videos:create");
  CHECK(reply.body.find("motion_") == std::string::npos);
  const auto grant = flow.bench.front.open_access(tokens["access_token"].get<std::string>());
  REQUIRE(grant);
  CHECK(grant->api_key == kMotionKey);
  CHECK(grant->scope == auth::Scope::create);
}

TEST_CASE("a code that comes back ends what was bought with it") {
  Flow flow;
  const std::string code = flow.bench.code(flow.client);
  const Json tokens = flow.bench.tokens(flow.bench.exchange(flow.client, code));
  CHECK(flow.opens(tokens));
  CHECK(flow.bench.token_error(flow.bench.exchange(flow.client, code)) == "invalid_grant");
  CHECK_FALSE(flow.opens(tokens));
  CHECK(flow.refresh_error(tokens) == "invalid_grant");
}

TEST_CASE("a code is good with its own verifier, client and redirect URI only") {
  Flow flow;
  const std::string code = flow.bench.code(flow.client);
  const Fields right = flow.bench.exchange(flow.client, code);
  const auto error = [&](const Fields& request) { return flow.bench.token_error(request); };
  CHECK(error(without(right, "code_verifier")) == "invalid_grant");
  CHECK(error(with(right, "code_verifier", std::string(43, 'x'))) == "invalid_grant");
  CHECK(error(with(right, "code_verifier", "short")) == "invalid_grant");
  CHECK(error(with(right, "redirect_uri", "https://claude.ai/")) == "invalid_grant");
  CHECK(error(with(right, "client_id", flow.bench.register_client())) == "invalid_grant");
  CHECK(error(with(right, "client_id", "https://other.example/client.json")) == "invalid_grant");
  CHECK(error(with(right, "resource", "https://other.example/mcp")) == "invalid_target");
  CHECK(error(with(right, "code", code + "A")) == "invalid_grant");
  CHECK(error(without(right, "code")) == "invalid_grant");
  CHECK(error(without(right, "client_id")) == "invalid_request");
  CHECK(error(with(right, "grant_type", "password")) == "unsupported_grant_type");
  CHECK(error(without(right, "grant_type")) == "invalid_request");
  Fields twice = right;
  twice.emplace_back("code", code);
  CHECK(error(twice) == "invalid_request");
  // None of this used it up: whoever has no verifier cannot take a code from who has.
  CHECK(error(right).empty());
}

TEST_CASE("a client that is not known is told to register anew") {
  Flow flow;
  const std::string code = flow.bench.code(flow.client);
  const auto reply =
      flow.bench.token(with(flow.bench.exchange(flow.client, code), "client_id", "x"));
  CHECK(reply.status == 401);
  CHECK(Json::parse(reply.body)["error"] == "invalid_client");
}

TEST_CASE("a code is good for a minute") {
  Flow flow;
  const std::string code = flow.bench.code(flow.client);
  flow.bench.clock.advance(auth::kCodeLifetime);
  CHECK(flow.bench.token_error(flow.bench.exchange(flow.client, code)) == "invalid_grant");
}

TEST_CASE("a client of OAuth 2.1 sends neither redirect URI nor resource again") {
  Flow flow;
  const Fields request = flow.bench.exchange(flow.client, flow.bench.code(flow.client));
  CHECK(flow.bench.token_error(without(without(request, "redirect_uri"), "resource")).empty());
}

TEST_CASE("a token request is a form and nothing else") {
  Flow flow;
  const std::string body = encode(flow.bench.exchange(flow.client, flow.bench.code(flow.client)));
  const auto reply = flow.bench.front.serve({"POST",
                                             "/oauth/token?" + body,
                                             {{"Content-Type", "application/json"}},
                                             "{}",
                                             flow.bench.address},
                                            {});
  CHECK(reply.status == 400);
  CHECK(flow.bench.post("/oauth/token?" + body, "").status == 400);
}

TEST_CASE("refresh tokens go round and round") {
  Flow flow;
  Json tokens = flow.authorized();
  for (int i = 0; i < 5; ++i) {
    flow.bench.clock.advance(auth::kAccessLifetime);
    CHECK_FALSE(flow.opens(tokens));
    const Json next = flow.refreshed(tokens);
    CHECK(next["refresh_token"] != tokens["refresh_token"]);
    CHECK(flow.opens(next));
    tokens = next;
  }
}

TEST_CASE("a lost answer to a refresh can be asked for again, for a minute") {
  Flow flow;
  const Json first = flow.authorized();
  const Json lost = flow.refreshed(first);
  flow.bench.clock.advance(auth::TokenEndpoint::kGrace);
  const Json again = flow.refreshed(first);
  CHECK(flow.opens(again));
  CHECK(flow.opens(lost));
  CHECK(flow.refreshed(again).contains("access_token"));
}

TEST_CASE("a refresh token that comes back later ends everything of its grant") {
  Flow flow;
  const Json first = flow.authorized();
  const Json second = flow.refreshed(first);
  flow.bench.clock.advance(auth::TokenEndpoint::kGrace + 1s);
  CHECK(flow.refresh_error(first) == "invalid_grant");
  CHECK_FALSE(flow.opens(second));
  CHECK(flow.refresh_error(second) == "invalid_grant");
  // Another grant of the same key and client goes on.
  CHECK(flow.opens(flow.authorized()));
}

TEST_CASE("an outdated refresh token has no minute of grace") {
  Flow flow;
  const Json first = flow.authorized();
  const Json third = flow.refreshed(flow.refreshed(first));
  CHECK(flow.refresh_error(first) == "invalid_grant");
  CHECK_FALSE(flow.opens(third));
}

TEST_CASE("a refresh token is its client's") {
  Flow flow;
  const Json tokens = flow.authorized();
  const std::string token = tokens["refresh_token"].get<std::string>();
  const Fields request = OAuthBench::refresh(flow.client, token);
  const auto error = [&](const Fields& changed) { return flow.bench.token_error(changed); };
  CHECK(error(with(request, "client_id", flow.bench.register_client())) == "invalid_grant");
  CHECK(error(with(request, "refresh_token", tokens["access_token"].get<std::string>())) ==
        "invalid_grant");
  CHECK(error(with(request, "resource", "https://other.example/mcp")) == "invalid_target");
  CHECK(error(without(request, "refresh_token")) == "invalid_grant");
  CHECK(flow.refreshed(tokens).contains("access_token"));
}

TEST_CASE("a refresh may narrow the scope, never widen it, and the next may have all again") {
  Flow flow;
  const Json tokens = flow.authorized();
  const Json narrow = flow.bench.tokens(
      with(OAuthBench::refresh(flow.client, tokens["refresh_token"].get<std::string>()), "scope",
           "videos:read"));
  CHECK(narrow["scope"] == "videos:read");
  CHECK(flow.bench.front.open_access(narrow["access_token"].get<std::string>())->scope ==
        auth::Scope::read);
  CHECK(flow.refreshed(narrow)["scope"] == "videos:read videos:create");

  const std::string code =
      flow.bench.code(flow.client, {{"decision", "allow"}, {"api_key", kMotionKey}});
  const Json reading = flow.bench.tokens(flow.bench.exchange(flow.client, code));
  CHECK(flow.bench.token_error(
            with(OAuthBench::refresh(flow.client, reading["refresh_token"].get<std::string>()),
                 "scope", "videos:create")) == "invalid_scope");
}

TEST_CASE("a client that did not say it refreshes gets no refresh token, unless it asks for it") {
  OAuthBench bench;
  const std::string id = bench.register_client({{"redirect_uris", {kRedirect}}});
  CHECK_FALSE(bench.tokens(bench.exchange(id, bench.code(id))).contains("refresh_token"));
  const auto page =
      bench.open(with(bench.authorization(id), "scope", "videos:read offline_access"));
  const std::string code =
      query_value(header(bench.consent(page, OAuthBench::yes()), "Location"), "code");
  CHECK(bench.tokens(bench.exchange(id, code)).contains("refresh_token"));
}

TEST_CASE("either token can be revoked, which ends both at once") {
  for (const char* kind : {"access_token", "refresh_token"}) {
    CAPTURE(kind);
    Flow flow;
    const Json tokens = flow.authorized();
    const auto reply = flow.bench.post(
        "/oauth/revoke",
        encode({{"token", tokens[kind].get<std::string>()}, {"client_id", flow.client}}));
    CHECK(reply.status == 200);
    CHECK_FALSE(flow.opens(tokens));
    CHECK(flow.refresh_error(tokens) == "invalid_grant");
  }
}

TEST_CASE("revoking what is no token is no error, and another's client cannot") {
  Flow flow;
  const Json tokens = flow.authorized();
  CHECK(flow.bench.post("/oauth/revoke", encode({{"token", "x"}})).status == 200);
  CHECK(flow.bench.post("/oauth/revoke", "").status == 400);
  const auto reply =
      flow.bench.post("/oauth/revoke", encode({{"token", tokens["access_token"].get<std::string>()},
                                               {"client_id", flow.bench.register_client()}}));
  CHECK(reply.status == 401);
  CHECK(flow.opens(tokens));
}

TEST_CASE("a revocation that names something twice ends nothing") {
  Flow flow;
  const Json tokens = flow.authorized();
  const std::string token = tokens["access_token"].get<std::string>();
  for (const Fields& request : {Fields{{"token", token}, {"token", token}},
                                Fields{{"token", token}, {"client_id", "a"}, {"client_id", "b"}}}) {
    const auto reply = flow.bench.post("/oauth/revoke", encode(request));
    CHECK(reply.status == 400);
    CHECK(Json::parse(reply.body)["error"] == "invalid_request");
  }
  CHECK(flow.opens(tokens));
}

TEST_CASE("tokens outlive a restart and are good at a replica with the same keys") {
  const fakes::ScratchFolder folder;
  const auto store = [&] {
    return *auth::FileGrantStore::open(folder / "oauth.db", fakes::ManualClock().wall());
  };
  OAuthBench one(kIssuer, seal_keys(), store());
  OAuthBench two(kIssuer, seal_keys(), store());
  const std::string client = one.register_client();
  const std::string code = one.code(client);
  const Json tokens = two.tokens(two.exchange(client, code));
  CHECK(one.opens(tokens["access_token"].get<std::string>()));
  // What the one used, the other knows.
  CHECK(one.token_error(one.exchange(client, code)) == "invalid_grant");
  CHECK(two.token_error(OAuthBench::refresh(client, tokens["refresh_token"].get<std::string>())) ==
        "invalid_grant");
}

TEST_CASE("a seal key is rotated without logging anybody out") {
  const std::string old_key(base::kSealKeyBytes, 'o');
  const std::string new_key(base::kSealKeyBytes, 'n');
  const auto keys = [](std::vector<std::string> texts) {
    return std::make_shared<const base::SealKeys>(*base::SealKeys::make(texts));
  };
  OAuthBench before(kIssuer, keys({old_key}), std::make_unique<auth::MemoryGrantStore>());
  OAuthBench after(kIssuer, keys({new_key, old_key}), std::make_unique<auth::MemoryGrantStore>());
  OAuthBench later(kIssuer, keys({new_key}), std::make_unique<auth::MemoryGrantStore>());
  const std::string client = before.register_client();
  const Json tokens = before.tokens(before.exchange(client, before.code(client)));
  CHECK(after.opens(tokens["access_token"].get<std::string>()));
  const Json refreshed =
      after.tokens(OAuthBench::refresh(client, tokens["refresh_token"].get<std::string>()));
  CHECK(later.opens(refreshed["access_token"].get<std::string>()));
  CHECK(later.tokens(OAuthBench::refresh(client, refreshed["refresh_token"].get<std::string>()))
            .contains("access_token"));
  CHECK_FALSE(later.opens(tokens["access_token"].get<std::string>()));
}
