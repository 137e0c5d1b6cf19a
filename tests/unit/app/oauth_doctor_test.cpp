// The way to a token, walked without one. These tests break one step after the other and look for a
// wrong diagnosis: another step blamed, a fault without a way out, a fault that is passed over.
#include "app/oauth_doctor.h"

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <vector>

#include "base/json_value.h"
#include "fakes/manual_clock.h"

namespace motion_mcp::app {
namespace {

constexpr const char* kEndpoint = "https://mcp.example/mcp";
constexpr const char* kResource = "https://mcp.example/.well-known/oauth-protected-resource/mcp";
constexpr const char* kRootResource = "https://mcp.example/.well-known/oauth-protected-resource";
constexpr const char* kServer = "https://mcp.example/.well-known/oauth-authorization-server";

// A server that does everything right, by URL without its query.
class OAuthSite final : public net::HttpClient {
 public:
  std::map<std::string, net::HttpResponse> answers;
  std::vector<net::HttpRequest> sent;
  Json resource = {{"resource", kEndpoint},
                   {"authorization_servers", {"https://mcp.example"}},
                   {"scopes_supported", {"videos:read", "videos:create"}}};
  Json server = {{"issuer", "https://mcp.example"},
                 {"authorization_endpoint", "https://mcp.example/oauth/authorize"},
                 {"token_endpoint", "https://mcp.example/oauth/token"},
                 {"registration_endpoint", "https://mcp.example/oauth/register"},
                 {"response_types_supported", {"code"}},
                 {"code_challenge_methods_supported", {"S256"}},
                 {"client_id_metadata_document_supported", true},
                 {"authorization_response_iss_parameter_supported", true}};

  OAuthSite() {
    answers[kEndpoint] = {
        401,
        {{"WWW-Authenticate",
          std::string(R"(Bearer scope="videos:read", resource_metadata=")") + kResource + "\""}},
        ""};
    answers["https://mcp.example/oauth/register"] = json(201, {{"client_id", "c 1"}});
    answers["https://mcp.example/oauth/authorize"] = {
        200,
        {{"Content-Type", "text/html; charset=utf-8"},
         {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"}},
        "<html>"};
    answers["https://mcp.example/oauth/token"] = json(400, {{"error", "invalid_grant"}});
    publish();
  }

  static net::HttpResponse json(int status, const Json& body) {
    return {
        status, {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}}, body.dump()};
  }
  // What `resource` and `server` say now.
  void publish() {
    answers[kResource] = answers[kRootResource] = json(200, resource);
    answers[kServer] = json(200, server);
  }

  Result<net::HttpResponse> send(const net::HttpRequest& request, base::SteadyTime /*deadline*/,
                                 const std::stop_token& /*stop*/,
                                 const net::BodySink& /*sink*/) override {
    sent.push_back(request);
    const auto answer = answers.find(request.url.substr(0, request.url.find('?')));
    if (answer == answers.end()) {
      return Error{ErrorKind::unreachable, "no connection", "Check the network."};
    }
    return answer->second;
  }

  std::vector<Finding> examined(const std::string& endpoint = kEndpoint) {
    const fakes::ManualClock clock;
    auto findings = examine_oauth({endpoint, *this, clock}, {});
    // A sentence of ours is not to look like a secret.
    const std::string text = findings_text(findings);
    CAPTURE(text);
    CHECK(text.find("[redacted]") == std::string::npos);
    return findings;
  }

  // The one check that fails, with everything before it good and everything after it skipped.
  Finding first_failure(const std::string& endpoint = kEndpoint) {
    const auto findings = examined(endpoint);
    Finding failed;
    for (const Finding& finding : findings) {
      CAPTURE(finding.check);
      CAPTURE(finding.detail);
      if (!failed.check.empty()) {
        CHECK(finding.health == Health::skipped);
      } else if (finding.health == Health::failure) {
        CHECK_FALSE(finding.detail.empty());
        CHECK_FALSE(finding.fix.empty());
        failed = finding;
      }
    }
    return failed;
  }
};

TEST_CASE("a server that does everything right passes every check") {
  OAuthSite site;
  std::string checks;
  for (const Finding& finding : site.examined()) {
    CAPTURE(finding.check);
    CAPTURE(finding.detail);
    CHECK(finding.health == Health::ok);
    CHECK(finding.fix.empty());
    checks += std::string(finding.check) + " ";
  }
  CHECK(checks == "endpoint challenge resource issuer pkce iss clients register page token ");
}

TEST_CASE("it asks as a client does, and shows no credential") {
  OAuthSite site;
  site.examined();
  for (const auto& request : site.sent) {
    CHECK_FALSE(net::find_header(request.headers, "Authorization"));
    CHECK_FALSE(net::find_header(request.headers, "Cookie"));
  }
  const std::string& page = site.sent[site.sent.size() - 2].url;
  CHECK(page.find("https://mcp.example/oauth/authorize?response_type=code&client_id=c%201&") == 0);
  CHECK(page.find("redirect_uri=http%3A%2F%2F127.0.0.1%2Fcallback&") != std::string::npos);
  CHECK(page.find("code_challenge_method=S256") != std::string::npos);
  CHECK(page.find("scope=videos%3Aread%20videos%3Acreate") != std::string::npos);
  CHECK(page.find("resource=https%3A%2F%2Fmcp.example%2Fmcp") != std::string::npos);
}

TEST_CASE("a URL that no client would send a token to is not asked") {
  OAuthSite site;
  for (const char* url :
       {"", "mcp.example/mcp", "http://mcp.example/mcp", "ftp://mcp.example/mcp"}) {
    CHECK(site.first_failure(url).check == "endpoint");
  }
  CHECK(site.sent.empty());
}

TEST_CASE("an endpoint that does not ask for a token is told apart from one that is none") {
  OAuthSite site;
  site.answers[kEndpoint].status = 200;
  CHECK(site.first_failure().fix.find("--oauth") != std::string::npos);
  site.answers[kEndpoint].status = 404;
  CHECK(site.first_failure().fix.find("/mcp") != std::string::npos);
  site.answers[kEndpoint].status = 403;
  CHECK(site.first_failure().fix.find("--public-url https://mcp.example.") != std::string::npos);
  site.answers.erase(kEndpoint);
  CHECK(site.first_failure().check == "challenge");
}

TEST_CASE("a 401 without a way on is a failure") {
  for (const char* header : {"", "Bearer", "Basic resource_metadata=\"https://mcp.example/x\"",
                             "Bearer not_resource_metadata=\"https://mcp.example/x\""}) {
    OAuthSite site;
    site.answers[kEndpoint].headers = {{"www-authenticate", header}};
    CAPTURE(header);
    CHECK(site.first_failure().check == "challenge");
  }
}

TEST_CASE("metadata of the resource is there at all three places and about this endpoint") {
  const std::vector<std::function<void(OAuthSite&)>> faults = {
      [](OAuthSite& site) { site.answers.erase(kRootResource); },
      [](OAuthSite& site) { site.answers[kResource].status = 404; },
      [](OAuthSite& site) { site.answers[kResource].body = "[]"; },
      [](OAuthSite& site) {
        site.answers[kResource].headers = {{"Content-Type", "text/html"}};
      },
      [](OAuthSite& site) { site.answers[kRootResource].body = "{}"; },
      [](OAuthSite& site) {
        site.resource["resource"] = "http://127.0.0.1:8391/mcp";
        site.publish();
      },
      [](OAuthSite& site) {
        site.resource["authorization_servers"] = Json::array();
        site.publish();
      },
  };
  for (const auto& fault : faults) {
    OAuthSite site;
    fault(site);
    CHECK(site.first_failure().check == "resource");
  }
}

TEST_CASE("the issuer names itself, character by character, and secure endpoints") {
  const std::vector<std::pair<const char*, Json>> faults = {
      {"issuer", "https://mcp.example/"},
      {"issuer", Json()},
      {"authorization_endpoint", "http://mcp.example/oauth/authorize"},
      {"token_endpoint", ""},
      {"response_types_supported", Json::array({"token"})}};
  for (const auto& fault : faults) {
    OAuthSite site;
    site.server[fault.first] = fault.second;
    site.publish();
    CAPTURE(fault.first);
    CHECK(site.first_failure().check == "issuer");
  }
}

TEST_CASE("an issuer with a path is looked for between its host and its path") {
  OAuthSite site;
  site.resource["authorization_servers"] = {"https://mcp.example/tenant"};
  site.server["issuer"] = "https://mcp.example/tenant";
  site.publish();
  site.answers.erase(kServer);
  site.answers[std::string(kServer) + "/tenant"] = OAuthSite::json(200, site.server);
  CHECK(site.first_failure().check.empty());
}

TEST_CASE("no S256, no client") {
  OAuthSite site;
  site.server["code_challenge_methods_supported"] = {"plain"};
  site.publish();
  CHECK(site.first_failure().check == "pkce");
}

TEST_CASE("what only some clients need is a warning") {
  OAuthSite site;
  site.server.erase("authorization_response_iss_parameter_supported");
  site.server.erase("client_id_metadata_document_supported");
  site.publish();
  const auto findings = site.examined();
  CHECK(findings[5].check == "iss");
  CHECK(findings[5].health == Health::warning);
  CHECK(findings[6].check == "clients");
  CHECK(findings[6].health == Health::warning);
  CHECK(findings[9].health == Health::ok);
  CHECK_FALSE(has_failure(findings));
}

TEST_CASE("clients must be able to make themselves known") {
  OAuthSite site;
  site.server.erase("registration_endpoint");
  site.publish();
  const auto findings = site.examined();
  CHECK_FALSE(has_failure(findings));
  CHECK(findings[8].health == Health::skipped);
  site.server.erase("client_id_metadata_document_supported");
  site.publish();
  CHECK(site.first_failure().check == "clients");
}

TEST_CASE("a registration that is refused is named") {
  OAuthSite site;
  site.answers["https://mcp.example/oauth/register"] =
      OAuthSite::json(400, {{"error", "invalid_client_metadata"}});
  CHECK(site.first_failure().check == "register");
}

TEST_CASE("the page is a page, not a refusal, and nobody can frame it") {
  constexpr const char* kPage = "https://mcp.example/oauth/authorize";
  OAuthSite site;
  site.answers[kPage].status = 400;
  CHECK(site.first_failure().check == "page");
  site.answers[kPage] = {200, {{"Content-Type", "text/html"}}, "<html>"};
  CHECK(site.first_failure().check == "page");
  site.answers[kPage] = {302, {{"Location", "http://127.0.0.1/callback?error=invalid_scope"}}, ""};
  CHECK(site.first_failure().detail.find("invalid_scope") != std::string::npos);
  site.answers[kPage] = {302, {{"Location", "https://sign-in.example/?x=1"}}, ""};
  CHECK(site.first_failure().check.empty());
}

TEST_CASE("the token endpoint refuses a code that nobody issued, in the right words") {
  constexpr const char* kToken = "https://mcp.example/oauth/token";
  for (const auto& answer : std::vector<net::HttpResponse>{
           OAuthSite::json(200, {{"access_token", "x"}}),
           OAuthSite::json(400, {{"error", "x"}}),
           OAuthSite::json(500, {{"error", "invalid_grant"}}),
           {400, {{"Content-Type", "text/html"}, {"Cache-Control", "no-store"}}, "<html>"},
           {400, {{"Content-Type", "application/json"}}, R"({"error":"invalid_grant"})"}}) {
    OAuthSite site;
    site.answers[kToken] = answer;
    CHECK(site.first_failure().check == "token");
  }
}

}  // namespace
}  // namespace motion_mcp::app
