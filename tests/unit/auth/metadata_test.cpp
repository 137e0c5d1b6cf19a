// What clients read first (RFC 9728, RFC 8414).

#include "unit/auth/oauth_bench.h"

using namespace motion_mcp;
using namespace motion_mcp::test;

TEST_CASE("the resource says where its authorization server is, at both places") {
  const OAuthBench bench;
  const auto with_path = bench.get("/.well-known/oauth-protected-resource/mcp");
  const auto root = bench.get("/.well-known/oauth-protected-resource");
  CHECK(with_path.status == 200);
  CHECK(root.body == with_path.body);
  CHECK(header(with_path, "Content-Type") == "application/json");
  CHECK(header(with_path, "Access-Control-Allow-Origin") == "*");
  CHECK(Json::parse(with_path.body) == Json::parse(R"({"resource":"https://mcp.example.org/mcp",
          "authorization_servers":["https://mcp.example.org"],
          "scopes_supported":["videos:read","videos:create"],
          "bearer_methods_supported":["header"],"resource_name":"Motion"})"));
}

TEST_CASE("the authorization server says what it does, and nothing that it does not") {
  const OAuthBench bench;
  const auto reply = bench.get("/.well-known/oauth-authorization-server");
  CHECK(reply.status == 200);
  CHECK(Json::parse(reply.body) == Json::parse(R"({"issuer":"https://mcp.example.org",
    "authorization_endpoint":"https://mcp.example.org/oauth/authorize",
    "token_endpoint":"https://mcp.example.org/oauth/token",
    "registration_endpoint":"https://mcp.example.org/oauth/register",
    "revocation_endpoint":"https://mcp.example.org/oauth/revoke",
    "response_types_supported":["code"],"response_modes_supported":["query"],
    "grant_types_supported":["authorization_code","refresh_token"],
    "code_challenge_methods_supported":["S256"],
    "token_endpoint_auth_methods_supported":["none"],
    "revocation_endpoint_auth_methods_supported":["none"],
    "scopes_supported":["videos:read","videos:create","offline_access"],
    "client_id_metadata_document_supported":false,
    "authorization_response_iss_parameter_supported":true})"));
}

TEST_CASE("a resource is ours with and without a slash at its end, and no other") {
  const auth::Deployment deployment{kIssuer};
  CHECK(deployment.is_resource("https://mcp.example.org/mcp"));
  CHECK(deployment.is_resource("https://mcp.example.org/mcp/"));
  CHECK_FALSE(deployment.is_resource("https://mcp.example.org"));
  CHECK_FALSE(deployment.is_resource("https://mcp.example.org/mcp//"));
  CHECK_FALSE(deployment.is_resource("https://mcp.example.org/mcp?x"));
  CHECK_FALSE(deployment.is_resource("http://mcp.example.org/mcp"));
  CHECK_FALSE(deployment.is_resource("https://mcp.example.org.evil.example/mcp"));
}

TEST_CASE("programs in web pages may ask the endpoints that take no cookie") {
  const OAuthBench bench;
  for (const char* path : {"/oauth/token", "/oauth/register", "/oauth/revoke",
                           "/.well-known/oauth-authorization-server"}) {
    CAPTURE(path);
    const auto reply = bench.front.serve({"OPTIONS", path, {}, {}, bench.address}, {});
    CHECK(reply.status == 204);
    CHECK(header(reply, "Access-Control-Allow-Origin") == "*");
  }
  const auto page = bench.front.serve({"OPTIONS", "/oauth/authorize", {}, {}, bench.address}, {});
  CHECK(page.status == 405);
  CHECK(header(page, "Allow") == "GET, POST");
}

TEST_CASE("every path has its methods") {
  const OAuthBench bench;
  CHECK(bench.get("/oauth/token").status == 405);
  CHECK(bench.post("/.well-known/oauth-authorization-server", "").status == 405);
  CHECK(bench.front.serve({"PUT", "/oauth/register", {}, {}, bench.address}, {}).status == 405);
  CHECK_FALSE(auth::OAuthFront::owns("/mcp"));
  CHECK_FALSE(auth::OAuthFront::owns("/oauth/"));
  CHECK(auth::OAuthFront::owns("/oauth/token"));
}
