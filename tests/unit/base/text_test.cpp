// Text helpers decide limits that cost money or hide secrets: they must count code points, never
// split one, and never let a key through.
#include "base/text.h"

#include <doctest/doctest.h>

#include <array>

#include "base/clock.h"
#include "base/random.h"
#include "base/redact.h"

using namespace motion_mcp::base;

TEST_CASE("a limit in characters counts code points, not bytes") {
  CHECK(count_code_points("abc") == 3);
  CHECK(count_code_points("é€😀") == 3);
  CHECK(clip("é€😀x", 3) == "é€😀…");
  CHECK(clip("é€😀", 3) == "é€😀");
}

TEST_CASE("malformed UTF-8 is recognised") {
  CHECK(is_valid_utf8("é€😀"));
  CHECK_FALSE(is_valid_utf8("\xC0\xAF"));
  CHECK_FALSE(is_valid_utf8("\xED\xA0\x80"));
  CHECK_FALSE(is_valid_utf8("\xF5\x80\x80\x80"));
  CHECK_FALSE(is_valid_utf8("ab\xE2\x82"));
}

TEST_CASE("ill-formed UTF-8 becomes U+FFFD as the WHATWG decoder has it") {
  CHECK(with_valid_utf8("é€😀") == "é€😀");
  // Unicode chapter 3, tables 3-8 to 3-11.
  CHECK(with_valid_utf8("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41") ==
        "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD"
        "\uFFFD\uFFFD\uFFFDA");
  CHECK(with_valid_utf8("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41") ==
        "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDA");
  CHECK(with_valid_utf8("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42") ==
        "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDA\uFFFD\uFFFDB");
  CHECK(with_valid_utf8("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41") == "\uFFFD\uFFFD\uFFFD\uFFFDA");
  CHECK(with_valid_utf8("ab\xE2\x82") == "ab\uFFFD");
}

TEST_CASE("a typing error finds the word that was meant, a stranger finds none") {
  constexpr std::array<std::string_view, 3> words = {"prompt", "aspect_ratio", "duration"};
  CHECK(nearest("aspectRatio", words) == "aspect_ratio");
  CHECK(nearest("promt", words) == "prompt");
  CHECK(nearest("wibble", words).empty());
}

TEST_CASE("times are written as the vendor writes them and read with any offset") {
  const auto time = parse_rfc3339("2026-04-28T23:01:04.198Z");
  REQUIRE(time);
  CHECK(to_rfc3339(*time) == "2026-04-28T23:01:04.198Z");
  CHECK(parse_rfc3339("2026-04-29T01:01:04.198+02:00") == time);
  CHECK_FALSE(parse_rfc3339("2026-02-30T00:00:00Z"));
  CHECK_FALSE(parse_rfc3339("yesterday"));
}

// 64 bits of nanoseconds hold 292 years to either side of 1970, and no longer a difference.
TEST_CASE("a time that cannot be reckoned with is none") {
  const auto first = parse_rfc3339("1970-01-01T00:00:00Z");
  const auto last = parse_rfc3339("2261-12-31T23:59:59.999999999Z");
  REQUIRE(first);
  REQUIRE(last);
  CHECK(*last - *first > std::chrono::years(291));
  CHECK(to_rfc3339(*last) == "2261-12-31T23:59:59.999Z");
  for (const char* text :
       {"0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "1969-12-31T23:59:59.9Z",
        "1970-01-01T00:00:00+00:01", "2262-01-01T00:00:00Z", "2261-12-31T23:59:60Z",
        "2261-12-31T23:59:59-00:01", "6222-04-28T03:01:08Z", "9999-12-31T23:59:59-99:99"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_rfc3339(text));
  }
}

TEST_CASE("a random UUID is one") {
  CHECK(is_uuid(random_uuid()));
  CHECK_FALSE(is_uuid("405d47cf-f72b-4852-b570-0de2446dbba"));
  CHECK_FALSE(is_uuid("405d47cfxf72b-4852-b570-0de2446dbba1"));
}

TEST_CASE("no log line shows a key, known or not, nor the query of a signed link") {
  add_secret("hunter2-hunter2");
  CHECK(redact("pw hunter2-hunter2!") == "pw [redacted]!");
  CHECK(redact("key motion_abcdefghijklmnop end") == "key motion_[redacted] end");
  CHECK(redact("Authorization: Bearer abcdef") == "Authorization: Bearer [redacted]");
  CHECK(redact("see https://storage.example/v.mp4?X-Goog-Signature=ab12 now") ==
        "see https://storage.example/v.mp4?[redacted] now");
  CHECK(redact("see https://docs.example/p?page=2") == "see https://docs.example/p?page=2");
  CHECK(redact("the motion_mcp server") == "the motion_mcp server");
}
