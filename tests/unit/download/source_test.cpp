// Tries to have two halves of different files taken for one.
#include "download/source.h"

#include <doctest/doctest.h>

using namespace motion_mcp;
using namespace download;

namespace {

// 2026-04-28T23:01:04Z
const base::WallTime kNow{std::chrono::seconds(1777417264)};

}  // namespace

TEST_CASE("links to the same file that differ in their signature name the same resource") {
  CHECK(resource_of("https://a.example/v.mp4?sig=1") ==
        resource_of("https://a.example/v.mp4?sig=2"));
  CHECK(resource_of("https://a.example/v.mp4") == resource_of("https://a.example/v.mp4#t"));
  CHECK(resource_of("https://a.example/v.mp4") != resource_of("https://a.example/w.mp4"));
  CHECK(resource_of("https://a.example/v.mp4") != resource_of("https://b.example/v.mp4"));
  CHECK(resource_of("https://a.example/secret").find("secret") == std::string::npos);
}

TEST_CASE("only a strong validator counts") {
  const std::pair<std::string, std::string> old{"Last-Modified", "Tue, 28 Apr 2026 22:00:00 GMT"};
  const std::pair<std::string, std::string> date{"Date", "Tue, 28 Apr 2026 23:01:04 GMT"};
  CHECK(validator_of({{"etag", "\"abc\""}, old, date}, kNow) == "\"abc\"");
  CHECK(validator_of({{"ETag", "W/\"abc\""}}, kNow).empty());
  CHECK(validator_of({{"ETag", "W/\"abc\""}, old, date}, kNow) == old.second);
  CHECK(validator_of({old}, kNow).empty());
  CHECK(validator_of({{"Last-Modified", "Tue, 28 Apr 2026 23:00:30 GMT"}, date}, kNow).empty());
  CHECK(validator_of({{"Last-Modified", "yesterday"}, date}, kNow).empty());
  CHECK(validator_of({{"ETag", "abc"}}, kNow).empty());
  const std::pair<std::string, std::string> oldest{"Last-Modified",
                                                   "Sat, 01 Jan 0000 00:00:00 GMT"};
  const std::pair<std::string, std::string> latest{"Date", "Fri, 31 Dec 9999 23:59:59 GMT"};
  CHECK(validator_of({oldest, latest}, kNow) == oldest.second);
  CHECK(validator_of({}, kNow).empty());
}

TEST_CASE("a content range is read, and nothing that only looks like one") {
  const auto range = parse_content_range("bytes 5-9/10");
  REQUIRE(range);
  CHECK(range->first == 5);
  CHECK(range->total == 10);
  REQUIRE(parse_content_range("bytes 5-9/*"));
  CHECK_FALSE(parse_content_range("bytes 5-9/*")->total);
  for (const char* text : {"", "bytes", "bytes */10", "bytes 5-9", "bytes 9-5/10", "bytes 5-10/10",
                           "bytes -5/10", "bytes 5-/10", "bytes 5-9/x", "items 5-9/10",
                           "bytes 5-9/99999999999999999999", "bytes=5-9/10", "bytes  5-9/10"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_content_range(text));
  }
}

TEST_CASE("what is noted of a source is read again, and nothing else is") {
  for (const auto& total : {std::optional<std::uint64_t>(12345), std::optional<std::uint64_t>()}) {
    const Source source{resource_of("https://a.example/"), "\"v\"", total};
    const std::string text = to_text(source);
    const auto read = source_from(text);
    REQUIRE(read);
    CHECK(read->resource == source.resource);
    CHECK(read->validator == source.validator);
    CHECK(read->total == total);
    for (std::size_t cut = 0; cut < text.size(); ++cut)
      CHECK_FALSE(source_from(text.substr(0, cut)));
    CHECK_FALSE(source_from(text + "more\n"));
  }
}

TEST_CASE("what another start of the machine noted does not count") {
  std::string text = to_text({"r", "\"v\"", 5});
  const std::size_t boot = text.find('\n') + 1;
  text.replace(boot, text.find('\n', boot) - boot, "00000000-0000-0000-0000-000000000000");
  CHECK_FALSE(source_from(text));
}
