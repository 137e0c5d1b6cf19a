// Access tokens at the MCP endpoint. Tries to spend with a token that may only read, and to call
// with one that is none.
#include "http/front_fixture.h"

using namespace motion_mcp;
using namespace motion_mcp::test;
using transport::HttpCaller;
using transport::HttpRequest;

namespace {

constexpr const char* kChallenge =
    "resource_metadata=\"https://mcp.example.org/.well-known/oauth-protected-resource/mcp\", "
    "scope=\"videos:read videos:create\"";

transport::HttpTokens tokens() {
  const auto open = [](std::string_view token) -> std::optional<HttpCaller> {
    if (token == "may-all") return HttpCaller{{kKey}, false};
    if (token == "may-read") return HttpCaller{{kKey}, true};
    return std::nullopt;
  };
  return {open, "https://mcp.example.org/.well-known/oauth-protected-resource/mcp",
          "videos:read videos:create"};
}

struct TokenFront : Front {
  transport::HttpFront protected_front{server, {{kHost}, {}, "", "", tokens()}, admission, keys};

  transport::HttpReply call(const HttpRequest& request) {
    transport::HttpStep step = protected_front.serve(request).step;
    if (auto* work = std::get_if<transport::HttpWork>(&step)) return work->run({});
    return std::get<transport::HttpReply>(step);
  }
};

HttpRequest as(const std::string& token, const HttpRequest& request) {
  return with(request, "Authorization", "Bearer " + token);
}

HttpRequest spending() {
  return legacy("tools/call", R"("name":"echo","arguments":{"text":"hi"})");
}

}  // namespace

TEST_CASE("who has no token is told where to get one, and for what") {
  TokenFront front;
  const auto reply = front.call(without(legacy("tools/list", ""), "Authorization"));
  CHECK(reply.status == 401);
  CHECK(header(reply, "WWW-Authenticate") == std::string("Bearer ") + kChallenge);
}

TEST_CASE("a token that is not good is named as what is wrong") {
  TokenFront front;
  const auto reply = front.call(as("expired", legacy("tools/list", "")));
  CHECK(reply.status == 401);
  CHECK(header(reply, "WWW-Authenticate") ==
        std::string("Bearer error=\"invalid_token\", ") + kChallenge);
  CHECK(reply.body.find("expired, revoked") != std::string::npos);
}

TEST_CASE("a token in the query is none") {
  TokenFront front;
  HttpRequest request = without(legacy("tools/list", ""), "Authorization");
  request.target = "/mcp?access_token=may-all";
  CHECK(front.call(request).status == 401);
}

TEST_CASE("a Motion key goes on being good beside access tokens") {
  TokenFront front;
  CHECK(front.call(legacy("tools/list", "")).status == 200);
  CHECK(front.call(spending()).status == 200);
  CHECK(front.call(as("may-all", spending())).status == 200);
}

TEST_CASE("a token that may only read reads, and is told every scope that spending needs") {
  TokenFront front;
  for (const auto& request : {legacy("tools/list", ""), legacy("ping", ""),
                              legacy("resources/read", R"("uri":"test://text")")}) {
    CHECK(front.call(as("may-read", request)).status == 200);
  }
  for (const auto& request :
       {spending(), modern("tools/call", R"("name":"echo","arguments":{"text":"hi"})",
                           {{"Mcp-Name", "echo"}})}) {
    const auto reply = front.call(as("may-read", request));
    CHECK(reply.status == 403);
    CHECK(header(reply, "WWW-Authenticate") ==
          std::string("Bearer error=\"insufficient_scope\", error_description=\"the token does not "
                      "cover calls that spend credits\", ") +
              kChallenge);
    CHECK(Json::parse(reply.body)["id"] == 1);
    CHECK(reply.body.find("nothing was spent") != std::string::npos);
  }
}

TEST_CASE("a batch with one call that spends is refused whole") {
  TokenFront front;
  const std::string list = R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})";
  const std::string spend =
      R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"echo","arguments":{"text":"hi"}}})";
  CHECK(front.call(as("may-read", post("[" + list + "]"))).status == 200);
  CHECK(front.call(as("may-read", post("[" + list + "," + spend + "]"))).status == 403);
  CHECK(front.call(as("may-all", post("[" + list + "," + spend + "]"))).status == 200);
}

TEST_CASE("a body is not taken in for a token that is not good") {
  TokenFront front;
  CHECK(front.protected_front.refuse(as("expired", legacy("ping", "")))->status == 401);
  CHECK_FALSE(front.protected_front.refuse(as("may-read", legacy("ping", ""))));
}
