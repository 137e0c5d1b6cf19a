// Clients that describe themselves. These tests try to be a client that somebody else's document
// describes, and to get a shared secret or a bad redirect URI past the rules.
#include "auth/client_document.h"

#include <doctest/doctest.h>

#include <string>

#include "base/json_value.h"

using namespace motion_mcp;
using auth::check_client_url;
using auth::read_client_document;

namespace {

constexpr const char* kUrl = "https://client.example/oauth/client.json";

Json document() {
  return {{"client_id", kUrl},
          {"client_name", "Example"},
          {"redirect_uris", {"https://client.example/callback", "http://127.0.0.1/callback"}},
          {"grant_types", {"authorization_code", "refresh_token"}},
          {"token_endpoint_auth_method", "none"}};
}

Json with(const char* name, Json value) {
  Json changed = document();
  changed[name] = std::move(value);
  return changed;
}

}  // namespace

TEST_CASE("a document says who the client is and where its users may be sent back to") {
  const auto client = read_client_document(kUrl, document().dump());
  REQUIRE_MESSAGE(client, client.error().message);
  CHECK(client->id == kUrl);
  CHECK(client->name == "Example");
  CHECK(client->redirect_uris.size() == 2);
  CHECK(client->may_refresh);
  const bool is_from_document = client->source == auth::Client::Source::metadata_document;
  CHECK(is_from_document);
}

TEST_CASE("members that nobody knows, and a key pair of the client's own, do no harm") {
  CHECK(read_client_document(kUrl, with("logo_uri", "http://x").dump()));
  CHECK(read_client_document(kUrl, with("token_endpoint_auth_method", "private_key_jwt").dump()));
}

TEST_CASE("a document describes the client whose URL it was read from, and no other") {
  for (const Json& id :
       {Json("https://client.example/oauth/other.json"),
        Json("https://CLIENT.example/oauth/client.json"), Json(std::string(kUrl) + "/"),
        Json(std::string(kUrl) + "?"), Json(""), Json(1), Json()}) {
    CAPTURE(id.dump());
    CHECK_FALSE(read_client_document(kUrl, with("client_id", id).dump()));
  }
  Json none = document();
  none.erase("client_id");
  CHECK_FALSE(read_client_document(kUrl, none.dump()));
}

TEST_CASE("a document says what the client is called") {
  for (const Json& name :
       {Json(1), Json(), Json(""), Json(" \t"), Json("\xE2\x80\x8B"), Json::array()}) {
    CAPTURE(name.dump());
    CHECK_FALSE(read_client_document(kUrl, with("client_name", name).dump()));
  }
  Json none = document();
  none.erase("client_name");
  CHECK_FALSE(read_client_document(kUrl, none.dump()));
}

TEST_CASE("a shared secret has no place in a document that everybody can read") {
  CHECK_FALSE(read_client_document(kUrl, with("client_secret", "s").dump()));
  CHECK_FALSE(read_client_document(kUrl, with("client_secret", nullptr).dump()));
  CHECK_FALSE(read_client_document(kUrl, with("client_secret_expires_at", 0).dump()));
  for (const char* method : {"client_secret_basic", "client_secret_post", "client_secret_jwt"}) {
    CHECK_FALSE(read_client_document(kUrl, with("token_endpoint_auth_method", method).dump()));
  }
}

TEST_CASE("the rules for redirect URIs hold here too") {
  CHECK_FALSE(read_client_document(kUrl, with("redirect_uris", Json::array()).dump()));
  CHECK_FALSE(read_client_document(kUrl, with("redirect_uris", {"javascript:alert(1)"}).dump()));
  CHECK_FALSE(read_client_document(kUrl, with("redirect_uris", {"http://client.example/"}).dump()));
}

TEST_CASE("what is no JSON object describes nobody") {
  for (const std::string& text :
       {std::string(), std::string("null"), std::string("[]"), std::string("{"),
        std::string("\"" + std::string(kUrl) + "\""), document().dump() + "x",
        std::string(5000, '['), std::string("{\"client_id\":\"\xff\"}")}) {
    CHECK_FALSE(read_client_document(kUrl, text));
  }
}

TEST_CASE("a client_id is an https URL with a path, written in one way") {
  for (const char* url : {kUrl, "https://claude.ai/oauth/mcp-oauth-client-metadata",
                          "https://chatgpt.com/oauth/123/client.json", "https://c.example/a?b=..",
                          "https://c.example/..a/.b/c.", "https://c.example//",
                          "https://[2001:db8::1]/client.json", "https://192.0.2.1/client.json"}) {
    CAPTURE(url);
    CHECK(check_client_url(url));
  }
  for (const char* url : {"",
                          "client",
                          "http://c.example/a",
                          "https://c.example",
                          "https://c.example/",
                          "https://c.example?a",
                          "https://c.example/?a",
                          "https://c.example:443/a",
                          "https://c.example:8443/a",
                          "https://[2001:db8::1]:443/a",
                          "https://[2001:db8::1]:8443/a",
                          "https://[2001:DB8::1]/a",
                          "https://u@c.example/a",
                          "https://c.example/a#f",
                          "https://c.example/a#",
                          "https://C.example/a",
                          "HTTPS://c.example/a",
                          "https://c.example/./a",
                          "https://c.example/a/..",
                          "https://c.example/%2E%2e/a",
                          "https://c.example/.%2e?q",
                          "https://c.example/a b",
                          "https://c.example/\xC3\xA9"}) {
    CAPTURE(url);
    CHECK_FALSE(check_client_url(url));
  }
  CHECK_FALSE(check_client_url("https://c.example/" + std::string(auth::kMaxClientUrlBytes, 'a')));
}
