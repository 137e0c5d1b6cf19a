#include "auth/scope.h"

#include <doctest/doctest.h>

using namespace motion_mcp::auth;

TEST_CASE("a scope is written in the words that clients ask for it with") {
  CHECK(to_string(Scope::read) == "videos:read");
  CHECK(to_string(Scope::create) == "videos:read videos:create");
}

TEST_CASE("who asks for nothing asks for everything, who asks for reading gets no more") {
  CHECK(parse_scope("")->scope == Scope::create);
  CHECK(parse_scope("offline_access")->scope == Scope::create);
  CHECK(parse_scope("videos:read")->scope == Scope::read);
  CHECK(parse_scope("videos:create")->scope == Scope::create);
  CHECK(parse_scope("videos:create videos:read")->scope == Scope::create);
  CHECK(parse_scope("videos:read openid")->scope == Scope::read);
  CHECK(parse_scope(" videos:read ")->scope == Scope::read);
}

TEST_CASE("offline access is asked for by its name") {
  CHECK(parse_scope("videos:read offline_access")->is_offline);
  CHECK_FALSE(parse_scope("videos:read")->is_offline);
}

TEST_CASE("scopes that are all unknown are refused, never taken for everything") {
  CHECK_FALSE(parse_scope("openid profile"));
  CHECK_FALSE(parse_scope("videos:READ"));
  CHECK_FALSE(parse_scope("openid offline_access"));
}
