// Clients describe themselves as they like: what they may not have, and what a person is shown.

#include "auth/client_metadata.h"

#include <doctest/doctest.h>

#include <string>

#include "base/json_value.h"

using namespace motion_mcp;
using namespace motion_mcp::auth;

namespace {

Json with(Json members) {
  Json metadata = {{"redirect_uris", {"https://claude.ai/cb"}}};
  metadata.update(members);
  return metadata;
}

bool is_refused(const Json& metadata) {
  const auto client = read_client_metadata(metadata);
  return !client && client.error().kind == ErrorKind::invalid_argument;
}

std::string name_of(const Json& name) {
  const auto client = read_client_metadata(with({{"client_name", name}}));
  REQUIRE(client);
  return client->name;
}

}  // namespace

TEST_CASE("a client needs redirect URIs and nothing else") {
  const auto client = read_client_metadata({{"redirect_uris", {"https://a.example/cb"}}});
  REQUIRE(client);
  CHECK(client->redirect_uris == std::vector<std::string>{"https://a.example/cb"});
  CHECK(client->name.empty());
  CHECK_FALSE(client->may_refresh);
}

TEST_CASE("a client without usable redirect URIs is refused") {
  CHECK(is_refused(Json::array()));
  CHECK(is_refused(Json::object()));
  CHECK(is_refused({{"redirect_uris", "https://a.example/cb"}}));
  CHECK(is_refused({{"redirect_uris", Json::array()}}));
  CHECK(is_refused({{"redirect_uris", {1}}}));
  CHECK(is_refused({{"redirect_uris", {"https://a.example/cb", "javascript:x"}}}));
  Json many = Json::array();
  for (std::size_t i = 0; i < kMaxRedirectUris; ++i) many.push_back("https://a.example/cb");
  CHECK(read_client_metadata({{"redirect_uris", many}}));
  many.push_back("https://a.example/cb");
  CHECK(is_refused({{"redirect_uris", many}}));
}

TEST_CASE("a client that cannot use the code grant is refused") {
  CHECK(is_refused(with({{"grant_types", {"client_credentials"}}})));
  CHECK(is_refused(with({{"grant_types", "authorization_code"}})));
  CHECK(is_refused(with({{"grant_types", {1}}})));
  CHECK(is_refused(with({{"response_types", {"token"}}})));
  CHECK(read_client_metadata(with({{"response_types", {"code", "token"}}})));
}

TEST_CASE("a client refreshes when it says so") {
  const auto client =
      read_client_metadata(with({{"grant_types", {"authorization_code", "refresh_token"}}}));
  REQUIRE(client);
  CHECK(client->may_refresh);
}

TEST_CASE("every client is public, whatever it asks for") {
  CHECK(read_client_metadata(with({{"token_endpoint_auth_method", "client_secret_basic"}})));
  CHECK(read_client_metadata(with({{"token_endpoint_auth_method", "private_key_jwt"}})));
}

TEST_CASE("a client's name is one line of at most kMaxClientNameBytes") {
  CHECK(name_of("Claude") == "Claude");
  CHECK(name_of("Клод <b>") == "Клод <b>");
  CHECK(name_of("a\nb\tc\x7f") == "abc");
  CHECK(name_of("a\xC2\x85"
                "b\xC2\xA0"
                "c") ==
        "ab\xC2\xA0"
        "c");
  CHECK(name_of("evil\xE2\x80\xAEgpj\xE2\x80\x8B\xE2\x81\xA6\xEF\xBB\xBF") == "evilgpj");
  CHECK(name_of(1).empty());
  CHECK(name_of(std::string(300, 'x')).size() == kMaxClientNameBytes);
  // 33 characters of three bytes; the 34th would be cut in two.
  std::string euros;
  for (int i = 0; i < 40; ++i) euros += "\xE2\x82\xAC";
  CHECK(name_of(euros).size() == 99);
}

TEST_CASE("a name that shows nothing is none") {
  CHECK(name_of("").empty());
  CHECK(name_of("   ").empty());
  CHECK(name_of("\u00A0\u2003\u3000\u2800\u202F").empty());
  CHECK(name_of("  Claude \u3000") == "Claude");
  for (const char* invisible :
       {"\u00AD",     "\u034F",     "\u061C",     "\u115F",    "\u1160", "\u17B4",
        "\u17B5",     "\u180B",     "\u180E",     "\u200B",    "\u2060", "\u3164",
        "\uFE00",     "\uFE0F",     "\uFFA0",     "\uFFF9",    "\uFFFB", "\U0001BCA0",
        "\U0001D173", "\U000E0000", "\U000E0041", "\U000E0FFF"}) {
    CAPTURE(Json(invisible).dump(-1, ' ', true));
    CHECK(name_of(invisible).empty());
    CHECK(name_of("Cl" + std::string(invisible) + "aude") == "Claude");
  }
  // Their neighbours are letters.
  for (const char* letter :
       {"\u00AE", "\u115E", "\u1161", "\u17B6", "\u3163", "\uFF9F", "\U0001D17B"}) {
    CHECK(name_of(letter) == letter);
  }
}
