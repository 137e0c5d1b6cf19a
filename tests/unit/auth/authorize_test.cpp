// The way to the consent page. Tries to have an answer sent to where none may go, and to get past
// PKCE, the resource and the scopes.

#include "unit/auth/oauth_bench.h"

using namespace motion_mcp;
using namespace motion_mcp::test;

namespace {

// What a client that may not have what it asks for is told, by the link on the page.
std::string linked_error(const base::HttpReply& reply) {
  CHECK(reply.status == 400);
  CHECK(header(reply, "Location").empty());
  std::string link = between(reply.body, "<a href=\"", "\"");
  for (std::size_t at = 0; (at = link.find("&amp;", at)) != std::string::npos; ++at) {
    link.replace(at, 5, "&");
  }
  CHECK(link.starts_with(kRedirect));
  CHECK(query_value(link, "iss") == kIssuer);
  CHECK(query_value(link, "state") == "the state");
  return query_value(link, "error");
}

bool is_refused_here(const base::HttpReply& reply) {
  return reply.status == 400 && header(reply, "Location").empty() &&
         reply.body.find("<a ") == std::string::npos;
}

}  // namespace

TEST_CASE("a person is asked, by name and destination") {
  OAuthBench bench;
  const auto page = bench.open(bench.authorization(bench.register_client()));
  CHECK(page.reply.status == 200);
  CHECK(page.reply.body.find("Claude") != std::string::npos);
  CHECK(page.reply.body.find("<strong>claude.ai</strong>") != std::string::npos);
  CHECK(page.reply.body.find("Nobody has checked that") != std::string::npos);
  CHECK(page.reply.body.find("on your own computer") == std::string::npos);
  CHECK_FALSE(page.ticket.empty());
}

TEST_CASE("an unknown client or redirect gets a page and is never redirected to") {
  OAuthBench bench;
  const Fields request = bench.authorization(bench.register_client());
  CHECK(is_refused_here(bench.authorize(with(request, "client_id", "unknown"))));
  CHECK(is_refused_here(bench.authorize(with(request, "client_id", "https://a.example/c.json"))));
  CHECK(is_refused_here(bench.authorize(without(request, "client_id"))));
  CHECK(is_refused_here(bench.authorize(without(request, "redirect_uri"))));
  for (const char* uri : {"https://evil.example/cb", "https://claude.ai/", "javascript:alert(1)",
                          "https://claude.ai/api/mcp/auth_callback/../evil", "//evil.example",
                          "https://claude.ai/api/mcp/auth_callback#x"}) {
    CAPTURE(std::string_view(uri).size());
    CHECK(is_refused_here(bench.authorize(with(request, "redirect_uri", uri))));
  }
  Fields twice = request;
  twice.emplace_back("redirect_uri", "https://evil.example/cb");
  CHECK(is_refused_here(bench.authorize(twice)));
  CHECK(is_refused_here(bench.get("/oauth/authorize?client_id=%zz")));
  CHECK(is_refused_here(bench.get("/oauth/authorize")));
}

TEST_CASE("a client that asks for what cannot be is told by a link, not by a redirect") {
  OAuthBench bench;
  const Fields request = bench.authorization(bench.register_client());
  const auto error = [&](const Fields& changed) { return linked_error(bench.authorize(changed)); };
  CHECK(error(without(request, "response_type")) == "invalid_request");
  CHECK(error(with(request, "response_type", "token")) == "unsupported_response_type");
  CHECK(error(with(request, "response_mode", "fragment")) == "invalid_request");
  CHECK(error(with(request, "scope", "openid")) == "invalid_scope");
  CHECK(error(with(request, "resource", "https://other.example/mcp")) == "invalid_target");
  Fields twice = request;
  twice.emplace_back("scope", "videos:read");
  CHECK(error(twice) == "invalid_request");
  Fields resources = request;
  resources.emplace_back("resource", "https://other.example/mcp");
  CHECK(error(resources) == "invalid_target");
}

TEST_CASE("PKCE with S256 is for everybody") {
  OAuthBench bench;
  const Fields request = bench.authorization(bench.register_client());
  const auto error = [&](const Fields& changed) { return linked_error(bench.authorize(changed)); };
  CHECK(error(without(request, "code_challenge")) == "invalid_request");
  CHECK(error(without(request, "code_challenge_method")) == "invalid_request");
  CHECK(error(with(request, "code_challenge_method", "plain")) == "invalid_request");
  CHECK(error(with(request, "code_challenge", "short")) == "invalid_request");
  CHECK(error(with(request, "code_challenge", std::string(43, '='))) == "invalid_request");
}

TEST_CASE("the resource may have a slash at its end, or be left out by old clients") {
  OAuthBench bench;
  const Fields request = bench.authorization(bench.register_client());
  CHECK(bench.authorize(with(request, "resource", std::string(kIssuer) + "/mcp/")).status == 200);
  CHECK(bench.authorize(without(request, "resource")).status == 200);
}

TEST_CASE("a program on the user's computer comes with a warning, at any port") {
  OAuthBench bench;
  const std::string id = bench.register_client(
      {{"client_name", "Claude Code"},
       {"redirect_uris", {"http://localhost/callback", "cursor://anysphere.cursor-mcp/cb"}}});
  for (const char* uri : {"http://localhost:53127/callback", "cursor://anysphere.cursor-mcp/cb"}) {
    CAPTURE(std::string_view(uri).size());
    const auto reply = bench.authorize(with(bench.authorization(id), "redirect_uri", uri));
    CHECK(reply.status == 200);
    CHECK(reply.body.find("on your own computer") != std::string::npos);
  }
  CHECK(is_refused_here(bench.authorize(
      with(bench.authorization(id), "redirect_uri", "http://127.0.0.1:53127/callback"))));
}

TEST_CASE("the page cannot be framed or scripted, and does not bind where the answer goes on to") {
  OAuthBench bench;
  const auto reply = bench.authorize(bench.authorization(bench.register_client()));
  const std::string policy = header(reply, "Content-Security-Policy");
  CHECK(policy.starts_with("default-src 'none'; style-src 'sha256-"));
  CHECK(policy.ends_with("; frame-ancestors 'none'; base-uri 'none'"));
  // Browsers would hold the redirects of the client's own callback to it.
  CHECK(policy.find("form-action") == std::string::npos);
  CHECK(policy.find("script-src") == std::string::npos);
  CHECK(policy.find("unsafe") == std::string::npos);
  CHECK(header(reply, "X-Frame-Options") == "DENY");
  CHECK(header(reply, "X-Content-Type-Options") == "nosniff");
  CHECK(header(reply, "Referrer-Policy") == "same-origin");
  CHECK(header(reply, "Access-Control-Allow-Origin").empty());
  const std::string style = between(reply.body, "<style>", "</style>");
  CHECK(policy.find(base::encode_base64(base::sha256(style))) != std::string::npos);
  CHECK(reply.body.find("<script") == std::string::npos);
  CHECK(reply.body.find("{{") == std::string::npos);
}

TEST_CASE("a refusal has no form, and nothing could be sent from it") {
  OAuthBench bench;
  const std::string policy = header(bench.get("/oauth/authorize"), "Content-Security-Policy");
  CHECK(policy.ends_with("; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"));
}

TEST_CASE("a reason begins like a sentence, unless it begins with a name") {
  OAuthBench bench;
  const Fields request = bench.authorization(bench.register_client());
  const auto why = [&](const Fields& changed) {
    return between(bench.authorize(changed).body, "role=\"alert\"><p>", "</p>");
  };
  CHECK(why(without(request, "redirect_uri")) == "The request does not name one redirect_uri.");
  CHECK(why(with(request, "client_id", "x")).starts_with("This server has not registered"));
  CHECK(why(without(request, "response_type")) == "response_type is missing.");
}

TEST_CASE("a client's name is text, whatever it holds") {
  OAuthBench bench;
  const std::string id =
      bench.register_client({{"client_name", "<script>alert(1)</script>\"' onload=x {{style}}"},
                             {"redirect_uris", {kRedirect}}});
  const auto reply = bench.authorize(bench.authorization(id));
  CHECK(reply.body.find("<script") == std::string::npos);
  CHECK(reply.body.find("&lt;script&gt;alert(1)&lt;/script&gt;") != std::string::npos);
  CHECK(reply.body.find("{{style}}") != std::string::npos);
}

TEST_CASE("a client without a name is called by where it leads") {
  OAuthBench bench;
  const std::string id = bench.register_client({{"redirect_uris", {kRedirect}}});
  CHECK(bench.authorize(bench.authorization(id)).body.find("<q>claude.ai</q>") !=
        std::string::npos);
}

TEST_CASE("the cookie cannot be set by another host, read by a script or sent by another site") {
  OAuthBench bench;
  const auto cookie =
      header(bench.authorize(bench.authorization(bench.register_client())), "Set-Cookie");
  CHECK(cookie.starts_with("__Host-motion-consent="));
  CHECK(cookie.ends_with("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure"));
  CHECK(cookie.find("Domain") == std::string::npos);
}

TEST_CASE("on loopback without TLS the cookie is one that browsers take") {
  OAuthBench bench("http://127.0.0.1:8391");
  const auto cookie =
      header(bench.authorize(bench.authorization(bench.register_client())), "Set-Cookie");
  CHECK(cookie.starts_with("motion-consent="));
  CHECK(cookie.find("Secure") == std::string::npos);
}

TEST_CASE("an address begins so many authorizations in a minute") {
  OAuthBench bench;
  const Fields request = bench.authorization(bench.register_client());
  for (std::size_t i = 0; i < auth::OAuthFront::kPagesPerMinute; ++i) {
    REQUIRE(bench.authorize(request).status == 200);
  }
  const auto reply = bench.authorize(request);
  CHECK(reply.status == 429);
  CHECK(header(reply, "Retry-After") == "60");
  bench.clock.advance(std::chrono::minutes(1));
  CHECK(bench.authorize(request).status == 200);
}
