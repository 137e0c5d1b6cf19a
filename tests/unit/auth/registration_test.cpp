// Registration of clients (RFC 7591) without storing them.

#include "unit/auth/oauth_bench.h"

using namespace motion_mcp;
using namespace motion_mcp::test;

namespace {

base::HttpReply ask(const OAuthBench& bench, const std::string& body,
                    const std::string& type = "application/json") {
  return bench.front.serve(
      {"POST", "/oauth/register", {{"Content-Type", type}}, body, bench.address}, {});
}

std::string error_of(const base::HttpReply& reply) {
  return Json::parse(reply.body).value("error", "");
}

}  // namespace

TEST_CASE("a client is told what it was registered as") {
  const OAuthBench bench;
  const base::HttpReply reply =
      ask(bench, R"({"client_name":"Claude","redirect_uris":["https://claude.ai/cb"],)"
                 R"("grant_types":["authorization_code","refresh_token"],)"
                 R"("token_endpoint_auth_method":"client_secret_basic","application_type":"web"})");
  CHECK(reply.status == 201);
  const Json body = Json::parse(reply.body);
  CHECK(body["client_name"] == "Claude");
  CHECK(body["redirect_uris"] == Json({"https://claude.ai/cb"}));
  CHECK(body["grant_types"] == Json({"authorization_code", "refresh_token"}));
  CHECK(body["response_types"].dump() == R"(["code"])");
  CHECK(body["token_endpoint_auth_method"] == "none");
  CHECK_FALSE(body.contains("client_secret"));
  CHECK(body["client_id_issued_at"].get<std::int64_t>() == 1777417264);
  CHECK(body["client_id"].get<std::string>().size() < 400);
}

TEST_CASE("a registration that cannot be is refused in the words of RFC 7591") {
  const OAuthBench bench;
  CHECK(error_of(ask(bench, "")) == "invalid_client_metadata");
  CHECK(error_of(ask(bench, "[]")) == "invalid_client_metadata");
  CHECK(error_of(ask(bench, R"({"redirect_uris":["https://a.example/cb"],"grant_types":"x"})")) ==
        "invalid_client_metadata");
  CHECK(error_of(ask(bench, "{}")) == "invalid_redirect_uri");
  CHECK(error_of(ask(bench, R"({"redirect_uris":["javascript:x"]})")) == "invalid_redirect_uri");
  CHECK(error_of(ask(bench, R"({"redirect_uris":["http://example.org/cb"]})")) ==
        "invalid_redirect_uri");
  CHECK(ask(bench, R"({"redirect_uris":["https://a.example/cb"]})", "text/plain").status == 415);
}

TEST_CASE("a registration is small") {
  const OAuthBench bench;
  const std::string padding(auth::RegisteredClients::kMaxRegistrationBytes + 1, ' ');
  CHECK(ask(bench, padding).status == 413);
  CHECK(ask(bench, std::string(auth::OAuthFront::kMaxBodyBytes + 1, '[')).status == 413);
  CHECK(error_of(ask(bench, std::string(10'000, '['))) == "invalid_client_metadata");
  Json uris = Json::array();
  for (int i = 0; i < 3; ++i) uris.push_back("https://a.example/" + std::string(900, 'a'));
  CHECK(error_of(ask(bench, Json{{"redirect_uris", uris}}.dump())) == "invalid_redirect_uri");
}

TEST_CASE("a body that is announced too large is refused by its head") {
  const OAuthBench bench;
  const auto refusal = bench.front.refuse(
      {"POST", "/oauth/register", {{"Content-Length", "40000"}}, {}, bench.address});
  REQUIRE(refusal);
  CHECK(refusal->status == 413);
  CHECK_FALSE(bench.front.refuse(
      {"POST", "/oauth/register", {{"Content-Length", "4000"}}, {}, bench.address}));
}

TEST_CASE("replicas with the same keys know each other's clients, others do not") {
  OAuthBench one;
  OAuthBench two;
  OAuthBench stranger(kIssuer, seal_keys('x'), std::make_unique<auth::MemoryGrantStore>());
  OAuthBench elsewhere("https://other.example");
  const std::string id = one.register_client();
  CHECK(two.authorize(two.authorization(id)).status == 200);
  const auto unknown = stranger.authorize(stranger.authorization(id));
  CHECK(unknown.status == 400);
  CHECK(unknown.body.find("Remove this connection in the program and add it again.") !=
        std::string::npos);
  CHECK(elsewhere.authorize(elsewhere.authorization(id)).status == 400);
}

TEST_CASE("an address registers so many clients in a minute") {
  OAuthBench bench;
  for (std::size_t i = 0; i < auth::OAuthFront::kRegistrationsPerMinute; ++i) {
    bench.register_client();
  }
  const auto reply = ask(bench, R"({"redirect_uris":["https://a.example/cb"]})");
  CHECK(reply.status == 429);
  CHECK(header(reply, "Retry-After") == "60");
  bench.address = "203.0.113.8";
  bench.register_client();
}
