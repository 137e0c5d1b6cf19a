// Tries to get a stranger's text past the reader: markup, terminal codes, invisible instructions,
// secrets, a closing quote, a flood.
#include "base/quote.h"

#include <doctest/doctest.h>

#include "base/text.h"

using motion_mcp::base::quote;
namespace base = motion_mcp::base;

TEST_CASE("a stranger's text stands on one line in quotes that it cannot close") {
  CHECK(quote("Job not found") == "\"Job not found\"");
  CHECK(quote(" a\r\n\tb  c\u2028d ") == "\"a b c d\"");
  CHECK(quote("say \"yes\" now") == "\"say 'yes' now\"");
  CHECK(quote("Größe 😀 名 नि‍") == "\"Größe 😀 名 नि‍\"");
}

TEST_CASE("what a reader cannot see is taken out") {
  CHECK(quote("a\x1b[31mb\x07\x7f") == "\"a[31mb\"");
  CHECK(quote("a\u0085b\u009bc") == "\"a bc\"");
  CHECK(quote("ab\u202Ecd\u2066e\u200F") == "\"abcde\"");
  CHECK(quote("ok\U000E0041\U000E007F") == "\"ok\"");
  CHECK(quote(std::string("a\0b", 3)) == "\"ab\"");
}

TEST_CASE("HTML is never shown, a comparison is") {
  CHECK(quote("<!DOCTYPE html><title>502</title>").empty());
  CHECK(quote("see <a href='x'>here</a>").empty());
  CHECK(quote("half a tag </").empty());
  CHECK(quote("use '<10s' or a < b") == "\"use '<10s' or a < b\"");
}

TEST_CASE("nothing stays nothing") {
  CHECK(quote("").empty());
  CHECK(quote(" \n\x01 ").empty());
}

TEST_CASE("a flood is cut at 500 code points") {
  std::string flood;
  for (int i = 0; i < 3000; ++i) flood += "é";
  const std::string quoted = quote(flood);
  CHECK(base::count_code_points(quoted) == 503);  // 500, the ellipsis and two quotes
  CHECK(base::is_valid_utf8(quoted));
  CHECK(quote("abcdef", 3) == "\"abc…\"");
}

TEST_CASE("keys and signed links do not come back out") {
  const std::string quoted =
      quote("key motion_abcdefghijklmnop failed for https://s.example/v?X-Goog-Signature=abc123");
  CHECK(quoted.find("abcdefghijklmnop") == std::string::npos);
  CHECK(quoted.find("abc123") == std::string::npos);
}

TEST_CASE("malformed UTF-8 is not read past its end") {
  CHECK(quote("ab\xF0\x9F").size() <= 6);
  CHECK(quote("\xE2").size() <= 3);
}
