// Tries to be sent to where no client may be: other schemes, other hosts that look like loopback,
// user information, fragments; and to have one registered URI stand for another.

#include "auth/redirect_rules.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace motion_mcp::auth;

namespace {

bool may_have(std::string_view uri) {
  return check_redirect_uri(uri).has_value();
}

bool allows(const std::vector<std::string>& registered, std::string_view asked) {
  return allows_redirect(registered, asked);
}

}  // namespace

TEST_CASE("the redirect URIs of the connectors that exist are allowed") {
  for (const char* uri : {
           "https://claude.ai/api/mcp/auth_callback",
           "https://claude.com/api/mcp/auth_callback",
           "http://localhost:53127/callback",
           "http://localhost/callback",
           "http://127.0.0.1/callback",
           "https://chatgpt.com/connector/oauth/abc123",
           "https://chatgpt.com/connector_platform_oauth_redirect",
           "http://127.0.0.1:1455/callback",
           "cursor://anysphere.cursor-mcp/oauth/callback",
           "https://www.cursor.com/agents/mcp/oauth/callback",
           "https://vscode.dev/redirect",
           "vscode://publisher.extension/callback",
           "http://127.0.0.1:33418/",
           "http://[::1]:8080/callback",
           "com.example.app:/oauth2redirect",
       }) {
    CAPTURE(uri);
    CHECK(may_have(uri));
  }
}

TEST_CASE("a redirect URI that could run, read or leave in the clear is refused") {
  for (const char* uri : {
           "",
           "callback",
           "/callback",
           "//evil.example/callback",
           "javascript:alert(1)",
           "JavaScript:alert(1)",
           "javascript://x.y/%0aalert(1)",
           "data:text/html,x",
           "file:///etc/passwd",
           "vbscript:x",
           "about:blank",
           "blob:https://a/b",
           "mailto:a@example.org",
           "ftp://example.org/",
           "ws://example.org/",
           "myapp://callback",
           "http://example.org/callback",
           "http://10.0.0.1/callback",
           "http://127.0.0.2/callback",
           "http://127.0.0.1.example.org/callback",
           "http://localhost.example.org/callback",
           "http://127.1/callback",
           "http://2130706433/callback",
           "http://[::ffff:127.0.0.1]/callback",
           "http://0.0.0.0/callback",
           "https://",
           "https:///callback",
           "https:example.org",
           "https://example.org:0/",
           "https://example.org:99999/",
       }) {
    CAPTURE(uri);
    CHECK_FALSE(may_have(uri));
  }
}

TEST_CASE("a redirect URI has no fragment, no user information and no odd bytes") {
  for (const char* uri : {
           "https://example.org/callback#",
           "https://example.org/#x",
           "http://127.0.0.1/#x",
           "cursor://host/path#x",
           "https://user@example.org/",
           "https://user:pw@example.org/",
           "http://127.0.0.1:80@evil.example/",
           "http://localhost@evil.example/",
           "cursor://user@host/path",
           "https://good.example\\@evil.example/",
           "https://exa mple.org/",
           "https://example.org/\r\nX: y",
           "https://example.org/\x01",
           "https://ex\xC3\xA4mple.org/",
           "https://example.org/<b>",
           "https://example.org/\"",
           "cursor:opaque",
           "com.example.app:opaque",
       }) {
    CAPTURE(uri);
    CHECK_FALSE(may_have(uri));
  }
  const std::string nul("https://example.org/\0x", 22);
  CHECK_FALSE(may_have(nul));
}

TEST_CASE("a redirect URI brings no part of an answer with it") {
  for (const char* query :
       {"code=x", "code", "x=1&state=y", "iss=https://evil.example", "error=access_denied",
        "error_description=x", "c%6Fde=x", "a=b&%73tate=", "%zz", "a=%ff"}) {
    CAPTURE(query);
    CHECK_FALSE(may_have(std::string("https://example.org/cb?") + query));
    CHECK_FALSE(may_have(std::string("cursor://host/cb?") + query));
    CHECK_FALSE(may_have(std::string("http://127.0.0.1/cb?") + query));
  }
  CHECK(may_have("https://example.org/cb?tenant=1&errors=2&Code=3&encode=4"));
  CHECK(may_have("https://example.org/code/state?"));
}

TEST_CASE("a redirect URI has at most kMaxRedirectUriBytes") {
  std::string uri = "https://example.org/";
  uri.append(kMaxRedirectUriBytes - uri.size(), 'a');
  CHECK(may_have(uri));
  CHECK_FALSE(may_have(uri + "a"));
}

TEST_CASE("a scheme with a dot is a reversed domain name or nothing") {
  CHECK(may_have("org.example:/x"));
  CHECK(may_have("com.example-1.app2://x/y"));
  CHECK_FALSE(may_have("com..app:/x"));
  CHECK_FALSE(may_have(".com.app:/x"));
  CHECK_FALSE(may_have("com.app.:/x"));
  CHECK_FALSE(may_have("1com.app:/x"));
  CHECK_FALSE(may_have("com.a+b:/x"));
}

TEST_CASE("an https redirect must be one of the registered, byte for byte") {
  const std::vector<std::string> registered = {"https://a.example/cb", "https://b.example/cb?x=1"};
  CHECK(allows(registered, "https://a.example/cb"));
  CHECK(allows(registered, "https://b.example/cb?x=1"));
  for (const char* asked :
       {"https://a.example/cb/", "https://a.example/", "https://a.example/cb?x=1",
        "https://a.example:443/cb", "https://A.example/cb", "HTTPS://a.example/cb",
        "https://b.example/cb", "https://a.example:8443/cb", "http://a.example/cb",
        "https://a.example/c%62"}) {
    CAPTURE(asked);
    CHECK_FALSE(allows(registered, asked));
  }
}

TEST_CASE("the port of a loopback redirect is free, its host, path and query are not") {
  const std::vector<std::string> portless = {"http://127.0.0.1/cb", "http://localhost/cb?a=b",
                                             "http://[::1]/cb"};
  CHECK(allows(portless, "http://127.0.0.1:1/cb"));
  CHECK(allows(portless, "http://127.0.0.1:65535/cb"));
  CHECK(allows(portless, "http://localhost:9/cb?a=b"));
  CHECK(allows(portless, "http://[::1]:9/cb"));
  CHECK(allows({"http://127.0.0.1:33418/"}, "http://127.0.0.1:50000/"));
  CHECK(allows({"http://127.0.0.1"}, "http://127.0.0.1:5"));
  for (const char* asked : {"HTTP://127.0.0.1/cb", "HTTP://127.0.0.1:5/cb", "http://127.0.0.1:/cb",
                            "http://LOCALHOST:9/cb?a=b", "http://127.0.0.1:5/cb?",
                            "http://127.0.0.1:5/c%62", "http://127.0.0.1:5"}) {
    CAPTURE(asked);
    CHECK_FALSE(allows(portless, asked));
  }
  CHECK_FALSE(allows(portless, "http://127.0.0.1:1/other"));
  CHECK_FALSE(allows(portless, "http://127.0.0.1:1/cb/"));
  CHECK_FALSE(allows(portless, "http://127.0.0.1:1/cb?a=b"));
  CHECK_FALSE(allows(portless, "http://localhost:1/cb"));
  CHECK_FALSE(allows(portless, "https://127.0.0.1:1/cb"));
  CHECK_FALSE(allows({"http://localhost/cb"}, "http://127.0.0.1/cb"));
  CHECK_FALSE(allows({"https://127.0.0.1/cb"}, "https://127.0.0.1:8443/cb"));
}

TEST_CASE("a person is shown who gets the answer") {
  CHECK(redirect_host("https://claude.ai/api/mcp/auth_callback") == "claude.ai");
  CHECK(redirect_host("https://example.org:8443/cb") == "example.org:8443");
  CHECK(redirect_host("http://127.0.0.1:5/cb") == "127.0.0.1:5");
  CHECK(redirect_host("cursor://anysphere.cursor-mcp/oauth") == "cursor:");
}
