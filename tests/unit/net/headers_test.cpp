// A header from outside could end the request and begin another: tries to get one through.
#include "net/headers.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace motion_mcp;
using namespace std::string_view_literals;

namespace {

Result<void> check(std::string_view name, std::string_view value, std::string method = "GET") {
  return net::check_request({std::move(method), "", {{std::string(name), std::string(value)}}, ""});
}

}  // namespace

TEST_CASE("the first header of a name is found, whatever the case") {
  const net::Headers headers = {{"Retry-After", "1"}, {"retry-after", "2"}};
  CHECK(net::find_header(headers, "RETRY-AFTER") == "1");
  CHECK_FALSE(net::find_header(headers, "Retry"));
}

TEST_CASE("ordinary headers pass") {
  CHECK(check("Authorization", "Bearer motion_x"));
  CHECK(check("X-Note", ""));
  CHECK(check("X-Note", "tab\tand caf\xC3\xA9"));
}

TEST_CASE("nothing that ends a line or a string passes") {
  CHECK_FALSE(check("X-Note", "a\r\nb"));
  CHECK_FALSE(check("X-Note", "a\rb"));
  CHECK_FALSE(check("X-Note", "a\nb"));
  CHECK_FALSE(check("X-Note", "a\0b"sv));
  CHECK_FALSE(check("", "x"));
  CHECK_FALSE(check("X Note", "x"));
  CHECK_FALSE(check("X-Note:", "x"));
  CHECK_FALSE(check("X-Note\r\nY", "x"));
  CHECK_FALSE(check("X-Note", "x", "GET / HTTP/1.1\r\n"));
  CHECK_FALSE(check("X-Note", "x", ""));
}

TEST_CASE("the headers that frame a message cannot be set") {
  for (const char* name : {"host", "Content-length", "Transfer-Encoding", "Connection", "Expect"}) {
    CHECK_FALSE(check(name, "x"));
  }
}

TEST_CASE("a refusal names the header, never its value") {
  const auto refused = check("X-Secret", "hunter2\n");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::invalid_argument);
  CHECK(refused.error().message.find("X-Secret") != std::string::npos);
  CHECK(refused.error().message.find("hunter2") == std::string::npos);
}
