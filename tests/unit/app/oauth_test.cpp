// The authorization server as `motion-mcp http --oauth` puts it together, in front of the sandbox:
// from a client that knows nothing to a call with its token, and what must not be reached.

#include "app/oauth.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "auth/parameters.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/json_value.h"
#include "base/percent_encode.h"
#include "base/seal_key_source.h"
#include "transport/http_front.h"
#include "unit/app/scratch_folder.h"

namespace motion_mcp::app {
namespace {

using transport::HttpHeaders;
using transport::HttpReply;
using transport::HttpRequest;

constexpr const char* kIssuer = "http://127.0.0.1:8391";
constexpr const char* kHost = "127.0.0.1:8391";
constexpr const char* kRedirect = "http://127.0.0.1:5555/callback";
constexpr const char* kVerifier = "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijkl";

Config sandbox_config() {
  Config config;
  config.sandbox = true;
  config.toolsets = {"motion"};
  return config;
}

std::string header(const HttpReply& reply, std::string_view name) {
  return std::string(transport::find_header(reply.headers, name).value);
}

std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const std::size_t from = text.find(begin);
  REQUIRE(from != std::string::npos);
  const std::size_t at = from + begin.size();
  return text.substr(at, text.find(end, at) - at);
}

struct Server {
  std::shared_ptr<const base::SealKeys> keys =
      std::make_shared<const base::SealKeys>(base::new_seal_keys());
  std::unique_ptr<Program> program = *Program::make(sandbox_config(), Audience::remote);
  std::unique_ptr<auth::OAuthFront> oauth = *make_oauth(sandbox_config(), *program, kIssuer, keys);
  transport::HttpAccess access{{kHost}, {"https://claude.ai"}, "", "", tokens_of(*oauth)};
  transport::Admission admission{{}, base::system_clock()};
  transport::HttpFront endpoint{program->server(), access, admission, keys};
  OAuthService service{*oauth, access, endpoint};

  HttpReply serve(HttpRequest request) const {
    if (transport::find_header(request.headers, "Host").count == 0) {
      request.headers.emplace_back("Host", kHost);
    }
    transport::HttpStep step = service.serve(request).step;
    if (auto* work = std::get_if<transport::HttpWork>(&step)) return work->run({});
    return std::get<HttpReply>(step);
  }
  HttpReply form(const std::string& path, const std::string& body, HttpHeaders headers = {}) const {
    headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    return serve({"POST", path, std::move(headers), body});
  }
  HttpReply mcp(const std::string& bearer, const std::string& message) const {
    return serve({"POST",
                  "/mcp",
                  {{"Content-Type", "application/json"}, {"Authorization", "Bearer " + bearer}},
                  message});
  }

  // The tokens of a person who types `key`.
  HttpReply consent(const std::string& key, const std::string& more) const {
    const HttpReply registered =
        serve({"POST",
               "/oauth/register",
               {{"Content-Type", "application/json"}},
               Json{{"client_name", "Test"}, {"redirect_uris", {kRedirect}}}.dump()});
    REQUIRE(registered.status == 201);
    client = Json::parse(registered.body)["client_id"].get<std::string>();
    const HttpReply page =
        serve({"GET",
               "/oauth/authorize?response_type=code&client_id=" + client + "&redirect_uri=" +
                   base::percent_encode(kRedirect) + "&code_challenge_method=S256" +
                   "&code_challenge=" + base::encode_base64url(base::sha256(kVerifier)),
               {},
               {}});
    REQUIRE(page.status == 200);
    const std::string cookie = header(page, "Set-Cookie");
    return form("/oauth/authorize",
                "decision=allow&api_key=" + key + more +
                    "&ticket=" + between(page.body, "name=\"ticket\" value=\"", "\""),
                {{"Cookie", cookie.substr(0, cookie.find(';'))}, {"Origin", kIssuer}});
  }
  std::string token(const std::string& more = "&create=yes") const {
    const HttpReply sent_back = consent("motion_some_key_of_a_user", more);
    REQUIRE(sent_back.status == 303);
    const HttpReply answer =
        form("/oauth/token", "grant_type=authorization_code&client_id=" + client +
                                 "&redirect_uri=" + base::percent_encode(kRedirect) +
                                 "&code_verifier=" + kVerifier +
                                 "&code=" + between(header(sent_back, "Location"), "code=", "&"));
    REQUIRE(answer.status == 200);
    return Json::parse(answer.body)["access_token"].get<std::string>();
  }
  mutable std::string client;
};

constexpr const char* kCreate =
    R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_video","arguments":{"prompt":"a fox"}}})";
constexpr const char* kList = R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})";

TEST_CASE("a client that knows nothing but the endpoint comes to a video") {
  const Server server;
  const HttpReply refused =
      server.serve({"POST", "/mcp", {{"Content-Type", "application/json"}}, kList});
  CHECK(refused.status == 401);
  const std::string metadata_url =
      between(header(refused, "WWW-Authenticate"), "resource_metadata=\"", "\"");
  REQUIRE(metadata_url.starts_with(kIssuer));
  const HttpReply resource =
      server.serve({"GET", metadata_url.substr(std::string_view(kIssuer).size()), {}, {}});
  CHECK(Json::parse(resource.body)["authorization_servers"][0] == kIssuer);

  const HttpReply created = server.mcp(server.token(), kCreate);
  CHECK(created.status == 200);
  CHECK(created.body.find("The video is ordered") != std::string::npos);
}

TEST_CASE("a client whose user left the spending away is told what it lacks") {
  const Server server;
  const std::string token = server.token("");
  CHECK(server.mcp(token, kList).status == 200);
  const HttpReply refused = server.mcp(token, kCreate);
  CHECK(refused.status == 403);
  CHECK(header(refused, "WWW-Authenticate").find("scope=\"videos:read videos:create\"") !=
        std::string::npos);
}

TEST_CASE("the user's own key is the caller, as if it had been the bearer") {
  const Server server;
  const HttpRequest with_token{"POST",
                               "/mcp",
                               {{"Host", kHost},
                                {"Content-Type", "application/json"},
                                {"Authorization", "Bearer " + server.token()}},
                               kList};
  HttpRequest with_key = with_token;
  with_key.headers.back().second = "Bearer motion_some_key_of_a_user";
  const std::string owner = server.service.serve(with_token).subject.owner;
  CHECK_FALSE(owner.empty());
  CHECK(server.service.serve(with_key).subject.owner == owner);
}

TEST_CASE("no page of the authorization server is served under another name") {
  const Server server;
  for (const char* path :
       {"/oauth/authorize", "/oauth/token", "/.well-known/oauth-authorization-server"}) {
    CAPTURE(path);
    CHECK(server.serve({"GET", path, {{"Host", "evil.example"}}, {}}).status == 403);
    CHECK(server.service.refuse({"GET", path, {{"Host", "evil.example"}}, {}})->status == 403);
  }
}

TEST_CASE("pages that may call the endpoint may not send the form") {
  const Server server;
  CHECK(server.form("/oauth/authorize", "ticket=x", {{"Origin", "https://claude.ai"}}).status ==
        403);
}

TEST_CASE("what is not of the authorization server is left to the endpoint") {
  const Server server;
  CHECK(server.serve({"GET", "/mcp", {}, {}}).status == 405);
  CHECK(server.serve({"GET", "/oauth/other", {}, {}}).status == 404);
  CHECK(server.service.refuse({"POST", "/mcp", {{"Host", kHost}}, {}})->status == 401);
}

TEST_CASE("waiting never happens on the thread that asks") {
  const Server server;
  const auto is_work = [&](const std::string& method, const std::string& path) {
    const HttpRequest request{method, path, {{"Host", kHost}}, {}};
    return std::holds_alternative<transport::HttpWork>(server.service.serve(request).step);
  };
  CHECK(is_work("GET", "/oauth/authorize"));
  CHECK(is_work("POST", "/oauth/authorize"));
  CHECK(is_work("POST", "/oauth/token"));
  CHECK(is_work("POST", "/oauth/revoke"));
  CHECK_FALSE(is_work("GET", "/.well-known/oauth-protected-resource/mcp"));
}

TEST_CASE("a page that fetches a document for who leaves fetches it to its end") {
  const Server server;
  const auto ends_with_client = [&](const std::string& method, const std::string& path) {
    const auto step = server.service.serve({method, path, {{"Host", kHost}}, {}}).step;
    return std::get<transport::HttpWork>(step).ends_with_client;
  };
  CHECK_FALSE(ends_with_client("GET", "/oauth/authorize"));
  CHECK(ends_with_client("POST", "/oauth/authorize"));
  CHECK(ends_with_client("POST", "/oauth/token"));
}

// Takes all places for requests like this one.
std::vector<transport::HttpStep> fill(const Server& server, const HttpRequest& request,
                                      std::size_t most) {
  std::vector<transport::HttpStep> steps;
  for (std::size_t i = 0; i < most; ++i) {
    steps.push_back(server.service.serve(request).step);
    REQUIRE(std::holds_alternative<transport::HttpWork>(steps.back()));
  }
  return steps;
}

HttpReply refusal_of(const Server& server, const HttpRequest& request) {
  auto step = server.service.serve(request).step;
  REQUIRE(std::holds_alternative<HttpReply>(step));
  CHECK(std::get<HttpReply>(step).status == 503);
  CHECK(header(std::get<HttpReply>(step), "Retry-After") == "1");
  return std::get<HttpReply>(std::move(step));
}

bool is_taken(const Server& server, const HttpRequest& request) {
  return std::holds_alternative<transport::HttpWork>(server.service.serve(request).step);
}

const HttpRequest kPage{"GET", "/oauth/authorize", {{"Host", kHost}}, {}};
const HttpRequest kExchange{"POST", "/oauth/token", {{"Host", kHost}}, {}};

TEST_CASE("however many open pages, tokens are exchanged, and then there is a place again") {
  const Server server;
  auto pages = fill(server, kPage, OAuthService::kMostPagesAtOnce);
  const HttpReply refused = refusal_of(server, kPage);
  CHECK(header(refused, "Content-Type") == "text/html; charset=utf-8");
  CHECK(refused.body.find("load this page again") != std::string::npos);
  CHECK(is_taken(server, kExchange));
  pages.pop_back();
  CHECK(is_taken(server, kPage));
}

TEST_CASE(
    "however many exchange tokens, pages are shown, and programs hear it in their own words") {
  const Server server;
  const auto exchanges = fill(server, kExchange, OAuthService::kMostOthersAtOnce);
  CHECK(is_taken(server, kPage));
  for (const char* path : {"/oauth/token", "/oauth/register", "/oauth/revoke"}) {
    CAPTURE(path);
    const HttpReply refused = refusal_of(server, {"POST", path, {{"Host", kHost}}, {}});
    CHECK(Json::parse(refused.body)["error"] == "temporarily_unavailable");
    CHECK(header(refused, "Access-Control-Allow-Origin") == "*");
  }
}

TEST_CASE("a store that was named must be usable, one that was not need not") {
  const auto program = *Program::make(sandbox_config(), Audience::remote);
  const auto keys = std::make_shared<const base::SealKeys>(base::new_seal_keys());
  const ScratchFolder folder;
  folder.write("file", "no folder");
  Config config = sandbox_config();
  config.http.oauth_store = folder / "file/oauth.db";
  CHECK(make_oauth(config, *program, kIssuer, keys));
  config.http.oauth_store_was_given = true;
  const auto oauth = make_oauth(config, *program, kIssuer, keys);
  REQUIRE_FALSE(oauth);
  CHECK(oauth.error().kind == ErrorKind::unavailable);
}

}  // namespace
}  // namespace motion_mcp::app
