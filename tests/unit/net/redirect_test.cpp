// Tries to be led where a request must not go.
#include "net/redirect.h"

#include <doctest/doctest.h>

using namespace motion_mcp;
using net::redirect_target;

TEST_CASE("the five statuses that name another place are redirects, and no others") {
  for (const int status : {301, 302, 303, 307, 308}) CHECK(net::is_redirect(status));
  for (const int status : {200, 206, 300, 304, 305, 306, 400})
    CHECK_FALSE(net::is_redirect(status));
}

TEST_CASE("a redirect leads to a URL, to another host or to a path on the same one") {
  const std::string from = "https://files.example:8443/a/b?sig=1";
  CHECK(*redirect_target(from, "https://cdn.example/v?sig=2") == "https://cdn.example/v?sig=2");
  CHECK(*redirect_target(from, "//cdn.example/v") == "https://cdn.example/v");
  CHECK(*redirect_target(from, "/c?sig=3") == "https://files.example:8443/c?sig=3");
  CHECK(*redirect_target("http://127.0.0.1:80/a", "/b") == "http://127.0.0.1:80/b");
  CHECK(*redirect_target("http://127.0.0.1/a", "https://cdn.example/b") == "https://cdn.example/b");
}

TEST_CASE("what was decoded on the way is encoded again") {
  CHECK(*redirect_target("https://a.example/", "https://b.example/a b\x01\xC3\xBC") ==
        "https://b.example/a%20b%01%c3%bc");
}

TEST_CASE("a way to plain http, with a name in it or to nowhere is refused without its query") {
  for (const char* location :
       {"http://files.example/?sig=secret", "http://127.0.0.1/?sig=secret",
        "https://user:sig=secret@files.example/", "ftp://files.example/?sig=secret", "",
        "file:///etc/passwd", "b.mp4?sig=secret", "https://"}) {
    CAPTURE(location);
    const auto target = redirect_target("https://files.example/a", location);
    REQUIRE_FALSE(target);
    CHECK(target.error().kind == ErrorKind::bad_response);
    CHECK(target.error().message.find("secret") == std::string::npos);
  }
  CHECK_FALSE(redirect_target("http://127.0.0.1/a", "http://files.example/"));
}
