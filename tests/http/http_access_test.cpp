// Who may reach the endpoint. These tests try to come from a page, a name or with a credential that
// was not allowed.
#include "transport/http_access.h"

#include "http/front_fixture.h"

using namespace motion_mcp;
using namespace motion_mcp::test;
using transport::HttpAccess;
using transport::HttpReply;
using transport::HttpRequest;

namespace {

HttpRequest bearer(const std::string& value) {
  return with(legacy("ping", ""), "Authorization", value);
}

std::string credential(const HttpAccess& access, const HttpRequest& request) {
  const auto caller = transport::identify(access, request);
  const auto* known = std::get_if<transport::HttpCaller>(&caller);
  return known != nullptr ? known->caller.credential : "";
}

int status(const HttpAccess& access, const HttpRequest& request) {
  const auto caller = transport::identify(access, request);
  const auto* refused = std::get_if<HttpReply>(&caller);
  return refused != nullptr ? refused->status : 200;
}

}  // namespace

TEST_CASE("a caller's Motion key is the caller's credential") {
  const HttpAccess access;
  CHECK(credential(access, bearer("Bearer motion_abc")) == "motion_abc");
  CHECK(credential(access, bearer("bearer motion_abc")) == "motion_abc");
  CHECK(credential(access, bearer("  Bearer motion_abc ")) == "motion_abc");
}

TEST_CASE("what is no credential is refused and told how to give one") {
  const HttpAccess access;
  const auto challenge = [&](const char* value) {
    return header(std::get<HttpReply>(transport::identify(access, bearer(value))),
                  "WWW-Authenticate");
  };
  for (const char* value : {"Basic bW90aW9u", "motion_abc", "Bearermotion_abc", ""}) {
    CAPTURE(value);
    CHECK(status(access, bearer(value)) == 401);
    CHECK(challenge(value) == "Bearer");
  }
  for (const char* value :
       {"Bearer", "Bearer ", "bearer motion_a b", "Bearer motion_a%41", "Bearer motion_\xC3\xA9"}) {
    CAPTURE(value);
    CHECK(status(access, bearer(value)) == 400);
    CHECK(challenge(value) == "Bearer error=\"invalid_request\"");
  }
  CHECK(status(access, bearer("Bearer sk-123")) == 401);
  CHECK(challenge("Bearer sk-123") == "Bearer error=\"invalid_token\"");
  const auto refused = std::get<HttpReply>(
      transport::identify(access, without(legacy("ping", ""), "Authorization")));
  CHECK(refused.status == 401);
  CHECK(header(refused, "WWW-Authenticate") == "Bearer");
  HttpRequest twice = legacy("ping", "");
  twice.headers.emplace_back("authorization", "Bearer motion_other");
  CHECK(status(access, twice) == 400);
}

TEST_CASE("a key in the query is no credential") {
  HttpRequest request = without(legacy("ping", ""), "Authorization");
  request.target = "/mcp?access_token=motion_abc";
  CHECK(status({}, request) == 401);
}

TEST_CASE("a refusal never repeats what was sent") {
  const auto refused =
      std::get<HttpReply>(transport::identify({}, bearer("Bearer sk-secret-secret")));
  CHECK(refused.body.find("sk-secret") == std::string::npos);
}

TEST_CASE("a shared key serves those without one, on loopback freely, elsewhere by the token") {
  HttpAccess loopback;
  loopback.shared_key = "motion_shared";
  CHECK(credential(loopback, without(legacy("ping", ""), "Authorization")) == "motion_shared");
  CHECK(credential(loopback, bearer("Bearer motion_own")) == "motion_own");
  CHECK(status(loopback, bearer("Bearer nonsense")) == 401);

  HttpAccess open = loopback;
  open.endpoint_token = "endpoint-token-1234";
  CHECK(status(open, without(legacy("ping", ""), "Authorization")) == 401);
  CHECK(credential(open, bearer("Bearer endpoint-token-1234")) == "motion_shared");
  CHECK(status(open, bearer("Bearer endpoint-token-1235")) == 401);
  CHECK(status(open, bearer("Bearer endpoint-token-123")) == 401);
  CHECK(credential(open, bearer("Bearer motion_own")) == "motion_own");
}

TEST_CASE("further keys come from the request's own headers, whoever the caller is") {
  HttpAccess access;
  access.shared_key = "motion_shared";
  access.further = {{"X-Mosaic-Api-Key", "mosaic"}, {"X-Motioness-Project-Key", "motioness"}};
  const auto keys = [&](const HttpRequest& request) {
    return std::get<transport::HttpCaller>(transport::identify(access, request)).caller.further;
  };
  CHECK(keys(legacy("ping", "")).empty());
  CHECK(keys(with(legacy("ping", ""), "X-Mosaic-Api-Key", "")).empty());
  const HttpRequest own = with(legacy("ping", ""), "x-mosaic-api-key", " mk_1 ");
  CHECK(keys(own) == decltype(mcp::Caller::further){{"mosaic", "mk_1"}});
  CHECK(keys(without(own, "Authorization")).at("mosaic") == "mk_1");
  CHECK(keys(with(own, "X-Motioness-Project-Key", "pk_2")).size() == 2);
}

TEST_CASE("a further key that is malformed or there twice is refused, and not repeated") {
  HttpAccess access;
  access.further = {{"X-Mosaic-Api-Key", "mosaic"}};
  HttpRequest twice = with(legacy("ping", ""), "X-Mosaic-Api-Key", "mk_1");
  twice.headers.emplace_back("X-MOSAIC-API-KEY", "mk_1");
  CHECK(status(access, twice) == 400);
  for (const char* value : {"mk_secret mk_secret", "mk_\xC3\xA9", "mk_\x7F"}) {
    const HttpRequest request = with(legacy("ping", ""), "X-Mosaic-Api-Key", value);
    CHECK(status(access, request) == 400);
    const auto refused = std::get<HttpReply>(transport::identify(access, request));
    CHECK(refused.body.find("secret") == std::string::npos);
  }
  CHECK(status(access, without(with(legacy("ping", ""), "X-Mosaic-Api-Key", "mk_1"),
                               "Authorization")) == 401);
  CHECK(transport::allowed_headers(access).find("X-Mosaic-Api-Key") != std::string::npos);
}

TEST_CASE("a Host that was not allowed is refused, and so are none and two") {
  Front front;
  CHECK(front.serve(with(legacy("ping", ""), "Host", "evil.example")).status == 403);
  CHECK(front.serve(with(legacy("ping", ""), "Host", "any.example")).status == 200);
  CHECK(front.serve(with(legacy("ping", ""), "Host", "Any.example:1234")).status == 200);
  CHECK(front.serve(with(legacy("ping", ""), "Host", "any.example.evil.example")).status == 403);
  CHECK(front.serve(with(legacy("ping", ""), "Host", "[::1]:80")).status == 200);
  CHECK(front.serve(with(legacy("ping", ""), "Host", "[::2]:80")).status == 403);
  CHECK(front.serve(with(legacy("ping", ""), "Host", "127.0.0.1")).status == 403);
  CHECK(front.serve(without(legacy("ping", ""), "Host")).status == 400);
  HttpRequest twice = legacy("ping", "");
  twice.headers.emplace_back("host", kHost);
  CHECK(front.serve(twice).status == 400);
}

TEST_CASE("a page of another origin is refused before its credential is looked at") {
  Front front;
  for (const char* origin : {"https://evil.example", "null", "https://claude.ai.evil.example",
                             "http://claude.ai", "https://CLAUDE.ai"}) {
    CAPTURE(origin);
    CHECK(
        front.serve(with(without(legacy("ping", ""), "Authorization"), "Origin", origin)).status ==
        403);
  }
}

TEST_CASE("a page of an allowed origin may read the reply, also a refusal") {
  Front front;
  const HttpRequest page = with(legacy("ping", ""), "Origin", "https://claude.ai");
  for (const HttpRequest& request : {page, without(page, "Authorization")}) {
    const HttpReply reply = front.serve(request);
    CHECK(header(reply, "Access-Control-Allow-Origin") == "https://claude.ai");
    CHECK(header(reply, "Vary") == "Origin");
  }
  CHECK(header(front.serve(legacy("ping", "")), "Access-Control-Allow-Origin").empty());
}

TEST_CASE("a preflight is answered without a credential and allows what MCP clients send") {
  Front front;
  HttpRequest preflight =
      with(without(legacy("ping", ""), "Authorization"), "Origin", "https://claude.ai");
  preflight.method = "OPTIONS";
  const HttpReply reply = front.serve(preflight);
  CHECK(reply.status == 204);
  CHECK(reply.body.empty());
  CHECK(header(reply, "Access-Control-Allow-Origin") == "https://claude.ai");
  CHECK(header(reply, "Access-Control-Allow-Headers").find("Mcp-Method") != std::string::npos);
}

TEST_CASE("a page may send the further keys that the server takes, and no others") {
  Front front;
  HttpAccess access{{kHost}, {"https://claude.ai"}, "", ""};
  access.further = {{"X-Mosaic-Api-Key", "mosaic"}};
  const transport::HttpFront further(front.server, access, front.admission, front.keys);
  const HttpRequest preflight{
      "OPTIONS", "/mcp", {{"Host", kHost}, {"Origin", "https://claude.ai"}}, {}};
  const auto allowed = [&](const transport::HttpFront& served) {
    return header(std::get<HttpReply>(served.serve(preflight).step),
                  "Access-Control-Allow-Headers");
  };
  CHECK(allowed(further).ends_with("Mcp-Session-Id, X-Mosaic-Api-Key"));
  CHECK(allowed(front.front).ends_with("Mcp-Session-Id"));
}
