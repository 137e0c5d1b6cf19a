// What a client reads on its way to a token. These tests try to have a parameter found where there
// is none, and a document read as what it is not.
#include "app/oauth_metadata.h"

#include <doctest/doctest.h>

#include <string>

using namespace motion_mcp;
using namespace motion_mcp::app;

TEST_CASE("a parameter of a challenge is found, quoted or not, wherever it stands") {
  const std::string url = "https://a.example/.well-known/oauth-protected-resource";
  for (const std::string& header :
       {"Bearer resource_metadata=\"" + url + "\"", "Bearer resource_metadata=" + url,
        "Bearer error=\"invalid_token\", resource_metadata=\"" + url + "\"",
        "Bearer error=x,resource_metadata=" + url + ", scope=\"a b\"",
        "Bearer resource_metadata=\"" + url + "\", resource_metadata=\"https://other.example\""}) {
    CAPTURE(header);
    CHECK(auth_parameter(header, "resource_metadata") == url);
  }
  CHECK(auth_parameter("Bearer scope=\"a b\"", "scope") == "a b");
  CHECK(auth_parameter("Bearer scope=\"\"", "scope") == "");
}

TEST_CASE("the end of another parameter's name is not this one, nor is a bare word") {
  CHECK_FALSE(auth_parameter("Bearer my_scope=\"a\"", "scope"));
  CHECK_FALSE(auth_parameter("Bearer scope", "scope"));
  CHECK_FALSE(auth_parameter("Bearer", "scope"));
  CHECK_FALSE(auth_parameter("", "scope"));
  CHECK(auth_parameter("Bearer my_scope=\"a\", scope=\"b\"", "scope") == "b");
}

TEST_CASE("a quoted parameter that does not end is what there is of it") {
  CHECK(auth_parameter("Bearer scope=\"a b", "scope") == "a b");
  CHECK(auth_parameter("Bearer scope=\"", "scope") == "");
  CHECK(auth_parameter("Bearer scope=", "scope") == "");
}

TEST_CASE("metadata lies between the host and the path") {
  const auto place = [](const char* url) {
    return well_known(*net::parse_url(url), "/.well-known/x");
  };
  CHECK(place("https://a.example/mcp") == "https://a.example/.well-known/x/mcp");
  CHECK(place("https://a.example") == "https://a.example/.well-known/x");
  CHECK(place("http://[::1]:8391/mcp") == "http://[::1]:8391/.well-known/x/mcp");
}

TEST_CASE("a member of another type is as good as none") {
  const Json document = {{"text", "a"}, {"list", {"a", 1}}, {"yes", true}, {"word", "true"}};
  CHECK(text_at(document, "text") == "a");
  CHECK(text_at(document, "list").empty());
  CHECK(text_at(document, "none").empty());
  CHECK(list_holds(document, "list", "a"));
  CHECK_FALSE(list_holds(document, "list", "1"));
  CHECK_FALSE(list_holds(document, "text", "a"));
  CHECK(is_true(document, "yes"));
  CHECK_FALSE(is_true(document, "word"));
}

TEST_CASE("a browser is sent with what there is, encoded, behind any query of the endpoint") {
  const std::string url = authorization_url({"https://a.example/authorize?tenant=1", "a b",
                                             "http://127.0.0.1/callback", "v", "", "", ""});
  CHECK(
      url.starts_with("https://a.example/authorize?tenant=1&response_type=code&client_id=a%20b&"));
  CHECK(url.find("&code_challenge_method=S256") != std::string::npos);
  CHECK(url.find("scope") == std::string::npos);
  CHECK(authorization_url({"https://a.example/authorize", "c", "r", "v", "s", "x", "y"})
            .ends_with("&state=s&scope=x&resource=y"));
}
