// Text that becomes part of a URL. These tests try to end a segment or a value early.
#include "base/percent_encode.h"

#include <doctest/doctest.h>

#include <string>

using motion_mcp::base::percent_encode;

TEST_CASE("all but unreserved characters is escaped") {
  CHECK(percent_encode("AZaz09-._~") == "AZaz09-._~");
  CHECK(percent_encode("a b/c?d&e=f#g%h+i") == "a%20b%2Fc%3Fd%26e%3Df%23g%25h%2Bi");
  CHECK(percent_encode("\xC3\xA9\r\n") == "%C3%A9%0D%0A");
  CHECK(percent_encode(std::string_view("\0", 1)) == "%00");
  CHECK(percent_encode("").empty());
}
