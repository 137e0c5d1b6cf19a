// A finished video must be a real one, fetched by its link alone: no key, no forgery, not after an
// hour; and a part of it must be that part.
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "sandbox/byte_range.h"
#include "sandbox/clips.h"
#include "unit/sandbox/driver.h"

using namespace motion_mcp;
using namespace motion_mcp::sandbox;

namespace {

constexpr std::string_view kOrigin = "http://sandbox.test:8080";

// Path and query of the link.
std::string link_of(const Json& job) {
  const std::string url = job.at("output").at("download_url");
  REQUIRE(url.starts_with(kOrigin));
  return url.substr(kOrigin.size());
}

Request read_of(std::string target, std::string range = {}) {
  Request request{"GET", std::move(target), {}, {}, {}, {}, {}};
  if (!range.empty()) request.range = std::move(range);
  return request;
}

std::string header(const Reply& reply, std::string_view name) {
  for (const auto& [key, value] : reply.headers) {
    if (key == name) return value;
  }
  return "";
}

std::string ready_link(Driver& driver) {
  return link_of(driver.finish(driver.start("a film")));
}

std::uint32_t big_endian(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    value = value << 8U | static_cast<unsigned char>(bytes.at(i));
  }
  return value;
}

// The names of the boxes at the top of an MP4; "torn" when they do not fill it exactly.
std::vector<std::string> boxes(std::string_view file) {
  std::vector<std::string> names;
  std::size_t at = 0;
  while (at + 8 <= file.size()) {
    names.emplace_back(file.substr(at + 4, 4));
    at += big_endian(file, at);
  }
  if (at != file.size()) names.emplace_back("torn");
  return names;
}

double shape_of(std::string_view file) {
  // Width and height end the track header, as 16.16 fixed point.
  const std::size_t end = file.find("tkhd") - 4 + big_endian(file, file.find("tkhd") - 4);
  return static_cast<double>(big_endian(file, end - 8)) / big_endian(file, end - 4);
}

}  // namespace

TEST_CASE("each aspect ratio has a real H.264 MP4 of that shape, and another for a followup") {
  struct Row {
    const char* ratio;
    double shape;
  };
  for (const Row& row : {Row{"16:9", 16.0 / 9}, Row{"9:16", 9.0 / 16}, Row{"1:1", 1.0},
                         Row{"4:5", 4.0 / 5}, Row{"21:9", 21.0 / 9}}) {
    CAPTURE(row.ratio);
    for (const std::size_t run : {1U, 2U}) {
      const std::string_view file = clip(row.ratio, run);
      CHECK(boxes(file) == std::vector<std::string>{"ftyp", "moov", "free", "mdat"});
      CHECK(file.find("avc1") != std::string_view::npos);
      CHECK(shape_of(file) == doctest::Approx(row.shape));
    }
    CHECK(clip(row.ratio, 1) != clip(row.ratio, 2));
    CHECK(clip(row.ratio, 2) != clip(row.ratio, 3));
  }
}

TEST_CASE("the link leads to the clip of the asked shape, on the host the request named") {
  Driver driver;
  const std::string job_id = driver.start({{"prompt", "a film"}, {"aspect_ratio", "4:5"}});
  const Reply first = driver.sandbox.handle(read_of(link_of(driver.finish(job_id))));
  CHECK(first.status == 200);
  CHECK(first.content_type == "video/mp4");
  CHECK(header(first, "Accept-Ranges") == "bytes");
  CHECK(first.body == clip("4:5", 1));

  REQUIRE(driver.follow_up(job_id, "faster").status == 202);
  CHECK(driver.sandbox.handle(read_of(link_of(driver.finish(job_id)))).body == clip("4:5", 2));
  REQUIRE(driver.follow_up(job_id, {{"prompt", "wide"}, {"aspect_ratio", "21:9"}}).status == 202);
  CHECK(driver.sandbox.handle(read_of(link_of(driver.finish(job_id)))).body == clip("21:9", 3));
}

TEST_CASE("a host that could break the link is not put into it") {
  Driver driver;
  const std::string job_id = driver.start("a film");
  driver.finish(job_id);
  Request request{"GET", Driver::job_path(job_id), "Bearer " + driver.key, {}, {}, {}, {}};
  for (const auto& host :
       {std::optional<std::string>(), std::optional<std::string>("a b"),
        std::optional<std::string>("evil.example/x?"), std::optional<std::string>("")}) {
    request.host = host;
    const Json job = Driver::json(driver.sandbox.handle(request));
    const std::string url = job.at("output").at("download_url");
    CHECK(url.starts_with("http://127.0.0.1:1/_sandbox/videos/" + job_id + "/1.mp4?X-Goog-"));
  }
}

TEST_CASE(
    "a link lives an hour to the second and is a 403 afterwards; a new read gives a new one") {
  Driver driver;
  const std::string job_id = driver.start("a film");
  const std::string link = link_of(driver.finish(job_id));
  driver.clock.advance(std::chrono::hours(1));
  CHECK(driver.sandbox.handle(read_of(link)).status == 200);
  driver.clock.advance(std::chrono::seconds(1));
  const Reply late = driver.sandbox.handle(read_of(link));
  CHECK(late.status == 403);
  CHECK(late.body.find("ExpiredToken") != std::string::npos);
  CHECK(driver.sandbox.handle(read_of(link_of(driver.status(job_id)))).status == 200);
}

TEST_CASE("a link that was touched, or comes from another sandbox, is a 403") {
  Driver driver;
  const std::string link = ready_link(driver);
  const auto status_with = [&](const std::string& from, const std::string& to) {
    std::string touched = link;
    const std::size_t at = touched.find(from);
    REQUIRE(at != std::string::npos);
    return driver.sandbox.handle(read_of(touched.replace(at, from.size(), to))).status;
  };
  CHECK(status_with("/1.mp4", "/2.mp4") == 403);
  CHECK(status_with("X-Goog-Date=2026", "X-Goog-Date=2027") == 403);
  CHECK(status_with("X-Goog-Date=", "X-Goog-Date=x") == 403);
  CHECK(status_with("X-Goog-Expires=3600", "X-Goog-Expires=9999") == 403);
  CHECK(status_with("X-Goog-Signature=", "X-Goog-Signature=0") == 403);
  CHECK(driver.sandbox.handle(read_of(link.substr(0, link.find('?')))).status == 403);
  Driver other;
  CHECK(other.sandbox.handle(read_of(link)).status == 403);
}

TEST_CASE("the file host refuses a request that carries the API key") {
  Driver driver;
  Request request = read_of(ready_link(driver));
  request.authorization = "Bearer " + driver.key;
  CHECK(driver.sandbox.handle(request).status == 400);
  request.authorization.reset();
  CHECK(driver.sandbox.handle(request).status == 200);
  request.method = "POST";
  CHECK(driver.sandbox.handle(request).status == 405);
}

TEST_CASE("a range is a 206 with exactly those bytes, one beyond the end a 416") {
  Driver driver;
  const std::string link = ready_link(driver);
  const std::string_view whole = clip("16:9", 1);
  const std::string size = std::to_string(whole.size());

  const Reply part = driver.sandbox.handle(read_of(link, "bytes=100-199"));
  CHECK(part.status == 206);
  CHECK(part.body == whole.substr(100, 100));
  CHECK(header(part, "Content-Range") == "bytes 100-199/" + size);

  const Reply beyond = driver.sandbox.handle(read_of(link, "bytes=" + size + "-"));
  CHECK(beyond.status == 416);
  CHECK(header(beyond, "Content-Range") == "bytes */" + size);

  Request head = read_of(link, "bytes=0-1");
  head.method = "HEAD";
  CHECK(driver.sandbox.handle(head).status == 200);
}

TEST_CASE("ranges are read as RFC 9110 section 14 says, and nonsense is ignored") {
  const auto chosen = [](std::string_view text) -> std::string {
    const RangeChoice choice = choose_range(text, 1000);
    if (std::holds_alternative<Unsatisfiable>(choice)) return "unsatisfiable";
    const auto* range = std::get_if<ByteRange>(&choice);
    if (range == nullptr) return "whole";
    return std::to_string(range->first) + "+" + std::to_string(range->length);
  };
  CHECK(chosen("bytes=0-0") == "0+1");
  CHECK(chosen("bytes=0-") == "0+1000");
  CHECK(chosen("bytes=990-2000") == "990+10");
  CHECK(chosen("bytes=-10") == "990+10");
  CHECK(chosen("bytes=-2000") == "0+1000");
  CHECK(chosen("bytes=5-99999999999999999999999") == "5+995");
  CHECK(chosen("bytes=1000-") == "unsatisfiable");
  CHECK(chosen("bytes=-0") == "unsatisfiable");
  for (const char* nonsense :
       {"", "bytes", "bytes=", "bytes=-", "bytes=5", "bytes=9-5", "bytes=a-b", "bytes=0-1,5-6",
        "items=0-1", "bytes=0x1-2", "bytes= 0-1", "bytes=--1"}) {
    CAPTURE(nonsense);
    CHECK(chosen(nonsense) == "whole");
  }
}

TEST_CASE("a part is given only of the file that If-Range names; the rest get the whole") {
  Driver driver;
  const std::string job_id = driver.start("a film");
  const std::string link = link_of(driver.finish(job_id));
  const Reply whole = driver.sandbox.handle(read_of(link));
  const std::string etag = header(whole, "ETag");
  CHECK(etag.size() > 2);
  Request request = read_of(link, "bytes=100-");
  request.if_range = etag;
  const Reply part = driver.sandbox.handle(request);
  CHECK(part.status == 206);
  CHECK(header(part, "ETag") == etag);
  CHECK(part.body == whole.body.substr(100));
  request.if_range = "\"another\"";
  const Reply all = driver.sandbox.handle(request);
  CHECK(all.status == 200);
  CHECK(all.body == whole.body);
  REQUIRE(driver.follow_up(job_id, "faster").status == 202);
  CHECK(header(driver.sandbox.handle(read_of(link_of(driver.finish(job_id)))), "ETag") != etag);
}
