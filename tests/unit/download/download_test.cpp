// Tries to save something that is no video or not all of one, to join two files, to give the key
// away, and to give up or repeat at the wrong moment.
#include "download/download.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "base/digest.h"
#include "fakes/file_host.h"
#include "fakes/full_disk.h"
#include "fakes/manual_clock.h"
#include "fakes/scratch_folder.h"

using namespace motion_mcp;
using namespace download;
using fakes::an_mp4;
using fakes::read_whole;
using net::find_header;

namespace {

constexpr const char* kLink = "https://files.example/v.mp4?X-Goog-Signature=1";
constexpr const char* kFreshLink = "https://files.example/v.mp4?X-Goog-Signature=2";

struct Bench {
  fakes::ScratchFolder folder;
  fakes::ManualClock clock;
  fakes::FileHost host;
  std::stop_source stop;
  std::string link = kLink;
  int renewals = 0;
  std::uint64_t max_bytes = kDefaultMaxBytes;
  std::vector<std::pair<std::uint64_t, std::optional<std::uint64_t>>> reports;

  Result<Saved> download() {
    auto part = PartFile::open(*Folder::open(folder.path()), "a.mp4", {}, clock, stop.get_token());
    REQUIRE_MESSAGE(part, part.error().message);
    const Video video{link,
                      [this]() -> Result<std::string> {
                        ++renewals;
                        return std::string(kFreshLink);
                      },
                      max_bytes,
                      [this](auto bytes, auto total) { reports.emplace_back(bytes, total); }};
    return download_video(host, clock, video, *std::move(part), stop.get_token());
  }
  Saved saved() {
    auto done = download();
    REQUIRE_MESSAGE(done, done.error().message);
    CHECK(done->bytes == host.file.size());
    CHECK(done->sha256 == base::sha256_hex(host.file));
    CHECK(read_whole(done->path) == host.file);
    return *done;
  }
  Error failed() {
    auto done = download();
    REQUIRE_FALSE(done);
    CHECK_FALSE(std::filesystem::exists(folder / "a.mp4"));
    return std::move(done).error();
  }
  // Nothing that a later call could go on with.
  Error failed_for_good() {
    Error error = failed();
    CHECK(folder.entries() == 0);
    return error;
  }
  // A download that was stopped after so many bytes.
  void leave_part(std::size_t bytes) {
    host.on_piece = [this, bytes](std::size_t sent) {
      if (sent >= bytes) stop.request_stop();
    };
    CHECK(failed().kind == ErrorKind::cancelled);
    host.on_piece = nullptr;
    host.requests.clear();
    stop = {};
  }
  [[nodiscard]] std::string sent(std::size_t request, std::string_view header) const {
    REQUIRE(request < host.requests.size());
    return std::string(find_header(host.requests[request].headers, header).value_or(""));
  }
};

}  // namespace

TEST_CASE("a video is saved whole, with its size and digest, in one request") {
  Bench bench;
  const Saved saved = bench.saved();
  CHECK(saved.path == bench.folder / "a.mp4");
  CHECK(saved.resumed_from == 0);
  CHECK(bench.host.requests.size() == 1);
  CHECK(bench.folder.entries() == 1);
}

TEST_CASE("the file host gets the URL and no header of ours, but for the range") {
  Bench bench;
  bench.host.cuts = {5'000};
  bench.saved();
  REQUIRE(bench.host.requests.size() == 2);
  for (const auto& request : bench.host.requests) {
    CHECK(request.method == "GET");
    CHECK(request.url == kLink);
    CHECK(request.body.empty());
    for (const auto& header : request.headers) {
      const std::string& name = header.first;
      const bool is_ours = name == "Range" || name == "If-Range";
      CHECK_MESSAGE(is_ours, name);
    }
  }
}

TEST_CASE("a body that is cut anywhere is gone on with, and the file is the same") {
  for (std::size_t cut = 0; cut <= 150; ++cut) {
    CAPTURE(cut);
    Bench bench;
    bench.host.file = an_mp4(150);
    bench.host.piece = 7;
    bench.host.cuts = {cut};
    bench.saved();
    CHECK(bench.host.body_bytes == 150);
    CHECK(bench.host.requests.size() == (cut < 150 ? 2 : 1));
  }
}

TEST_CASE("a body that is cut again and again is gone on with as long as it brings something") {
  Bench bench;
  bench.host.file = an_mp4(20 * kGoodBytes);
  bench.host.piece = 64 * 1024;
  for (int i = 0; i < 15; ++i) bench.host.cuts.push_back(kGoodBytes);
  bench.saved();
  CHECK(bench.host.requests.size() == 16);
  CHECK(bench.host.body_bytes == bench.host.file.size());
}

TEST_CASE("what was stopped anywhere is gone on with by the next call") {
  for (std::size_t bytes = 100; bytes < 10'000; bytes += 700) {
    CAPTURE(bytes);
    Bench bench;
    bench.leave_part(bytes);
    const Saved saved = bench.saved();
    CHECK(saved.resumed_from == bytes);
    REQUIRE(bench.host.requests.size() == 1);
    CHECK(bench.sent(0, "Range") == "bytes=" + std::to_string(bytes) + "-");
    CHECK(bench.sent(0, "If-Range") == "\"v1\"");
    CHECK(bench.host.body_bytes == bench.host.file.size());
    CHECK(bench.folder.entries() == 1);
  }
}

TEST_CASE("a whole part that was not put into place is asked for its last byte alone") {
  Bench bench;
  bench.leave_part(10'000);
  const Saved saved = bench.saved();
  CHECK(bench.sent(0, "Range") == "bytes=9999-");
  CHECK(saved.resumed_from == 9999);
}

TEST_CASE("a file that changed begins anew") {
  Bench bench;
  bench.leave_part(5'000);
  bench.host.file = an_mp4(9'000, 2);
  bench.host.etag = "\"v2\"";
  CHECK(bench.saved().resumed_from == 0);
  CHECK(bench.host.requests.size() == 1);
}

TEST_CASE("a file that changed between two requests of one call begins anew") {
  Bench bench;
  bench.host.cuts = {5'000};
  bench.host.on_piece = [&](std::size_t sent) {
    if (sent != 5'000) return;
    bench.host.file = an_mp4(12'000, 2);
    bench.host.etag = "\"v2\"";
  };
  bench.saved();
}

TEST_CASE("a host that knows no ranges sends the whole, which begins anew") {
  Bench bench;
  bench.leave_part(5'000);
  bench.host.knows_ranges = false;
  CHECK(bench.saved().resumed_from == 0);
  CHECK_FALSE(bench.sent(0, "Range").empty());
}

TEST_CASE("without a strong validator nothing is joined") {
  for (const char* etag : {"", "W/\"v1\""}) {
    Bench bench;
    bench.host.etag = etag;
    bench.leave_part(5'000);
    bench.saved();
    CHECK(bench.sent(0, "Range").empty());
  }
}

TEST_CASE("a Last-Modified that is old enough will do") {
  Bench bench;
  bench.host.etag.clear();
  bench.host.more_headers = {{"Last-Modified", "Tue, 28 Apr 2026 22:00:00 GMT"},
                             {"Date", "Tue, 28 Apr 2026 23:01:04 GMT"}};
  bench.leave_part(5'000);
  CHECK(bench.saved().resumed_from == 5'000);
  CHECK(bench.sent(0, "If-Range") == "Tue, 28 Apr 2026 22:00:00 GMT");
}

TEST_CASE("a part of another file is not gone on with, though its validator is the same") {
  Bench bench;
  bench.leave_part(5'000);
  bench.link = "https://files.example/other.mp4?X-Goog-Signature=1";
  bench.host.file = an_mp4(10'000, 2);
  bench.saved();
  CHECK(bench.sent(0, "Range").empty());
}

TEST_CASE("a host that answers another range than was asked for spoils nothing") {
  const net::Headers whole = {{"ETag", "\"v1\""}};
  const auto answer = [&](const std::string& range, const std::string& etag) {
    return net::HttpResponse{206, {{"Content-Range", range}, {"ETag", etag}}, "0123456789"};
  };
  for (const auto& wrong :
       {answer("bytes 4990-4999/10000", "\"v1\""), answer("bytes 5000-5009/10001", "\"v1\""),
        answer("bytes 5000-5009/10000", "\"v2\""), answer("5000-5009", "\"v1\""),
        net::HttpResponse{206, {}, "0123456789"}, net::HttpResponse{416, {}, ""}}) {
    Bench bench;
    bench.leave_part(5'000);
    bench.host.instead.emplace_back(wrong);
    CHECK(bench.saved().resumed_from == 0);
    CHECK(bench.host.requests.size() == 2);
  }
}

TEST_CASE("a range that ends early is gone on with") {
  Bench bench;
  bench.leave_part(5'000);
  bench.host.instead.emplace_back(net::HttpResponse{
      206, {{"Content-Range", "bytes 5000-5009/10000"}}, bench.host.file.substr(5'000, 10)});
  bench.saved();
  CHECK(bench.sent(1, "Range") == "bytes=5010-");
}

TEST_CASE("a range that nobody asked for is refused") {
  Bench bench;
  bench.host.instead.emplace_back(
      net::HttpResponse{206, {{"Content-Range", "bytes 0-9/10000"}}, an_mp4(10)});
  CHECK(bench.failed_for_good().kind == ErrorKind::bad_response);
}

TEST_CASE("what does not begin like an MP4 is not saved, and no more of it is taken") {
  for (const std::string& body :
       {std::string("<!DOCTYPE html><html>expired</html>"), std::string(), an_mp4(7),
        std::string("\0\0\0\x18", 4) + "moovisom", std::string("\0\0\0\x04", 4) + "ftypisom",
        std::string("ftypftypftyp")}) {
    CAPTURE(body);
    Bench bench;
    bench.host.file = body + (body.size() > 8 ? std::string(10'000, ' ') : "");
    const Error error = bench.failed_for_good();
    CHECK(error.kind == ErrorKind::bad_response);
    CHECK(error.message.find("not an MP4") != std::string::npos);
    CHECK(bench.host.requests.size() == 1);
    CHECK(bench.host.body_bytes <= 100);
  }
}

TEST_CASE("a first box with a size of 64 bits is one") {
  Bench bench;
  bench.host.file[3] = '\x01';
  bench.saved();
}

TEST_CASE("the first box is looked at however small the pieces are") {
  Bench bench;
  bench.host.piece = 1;
  bench.host.file = an_mp4(50);
  bench.saved();
  Bench other;
  other.host.piece = 1;
  other.host.file = std::string(50, ' ');
  CHECK(other.failed_for_good().kind == ErrorKind::bad_response);
  CHECK(other.host.body_bytes == 8);
}

TEST_CASE("a body that is shorter than its length is gone on with, a longer one refused") {
  Bench bench;
  bench.host.instead.emplace_back(net::HttpResponse{
      200, {{"Content-Length", "10000"}, {"ETag", "\"v1\""}}, bench.host.file.substr(0, 4'000)});
  bench.saved();
  CHECK(bench.sent(1, "Range") == "bytes=4000-");

  Bench longer;
  longer.host.instead.emplace_back(
      net::HttpResponse{200, {{"Content-Length", "9999"}}, longer.host.file});
  CHECK(longer.failed_for_good().kind == ErrorKind::bad_response);
}

TEST_CASE("a body without a length is taken in chunks only, for then its end shows") {
  Bench bench;
  bench.host.tells_length = false;
  CHECK(bench.failed_for_good().message.find("how long") != std::string::npos);
  CHECK(bench.host.body_bytes == 0);
  Bench chunked;
  chunked.host.tells_length = false;
  chunked.host.more_headers = {{"Transfer-Encoding", "chunked"}};
  chunked.saved();
  CHECK_FALSE(chunked.reports.back().second);
}

TEST_CASE("an encoded body and an odd success are refused") {
  Bench bench;
  bench.host.more_headers = {{"Content-Encoding", "gzip"}};
  CHECK(bench.failed_for_good().kind == ErrorKind::bad_response);
  Bench odd;
  odd.host.instead.emplace_back(net::HttpResponse{204, {}, ""});
  CHECK(odd.failed_for_good().kind == ErrorKind::bad_response);
}

TEST_CASE("a file larger than allowed is refused before its first byte, or at the limit") {
  Bench bench;
  bench.max_bytes = 9'999;
  const Error error = bench.failed_for_good();
  CHECK(error.kind == ErrorKind::invalid_argument);
  CHECK(error.message.find("--max-download-bytes") != std::string::npos);
  CHECK(bench.host.body_bytes == 0);
  bench.max_bytes = 10'000;
  bench.saved();

  Bench chunked;
  chunked.host.tells_length = false;
  chunked.host.more_headers = {{"Transfer-Encoding", "chunked"}};
  chunked.max_bytes = 5'000;
  CHECK(chunked.failed_for_good().kind == ErrorKind::invalid_argument);
  CHECK(chunked.host.body_bytes == 5'100);
}

TEST_CASE("a dead link is renewed, and the part that is here gone on with") {
  for (const int status : {401, 403, 404, 410}) {
    Bench bench;
    bench.leave_part(5'000);
    bench.host.instead.emplace_back(net::HttpResponse{status, {}, ""});
    CHECK(bench.saved().resumed_from == 5'000);
    CHECK(bench.renewals == 1);
    REQUIRE(bench.host.requests.size() == 2);
    CHECK(bench.host.requests[1].url == kFreshLink);
  }
}

TEST_CASE("a link that dies in the middle is renewed") {
  Bench bench;
  bench.host.cuts = {5'000};
  bench.host.on_piece = [&](std::size_t) { bench.host.dead_links = {kLink}; };
  bench.saved();
  CHECK(bench.renewals == 1);
  CHECK(bench.host.body_bytes == bench.host.file.size());
}

TEST_CASE("links that are all dead end the download, and what is here stays") {
  Bench bench;
  bench.leave_part(5'000);
  bench.host.dead_links = {kLink, kFreshLink};
  CHECK(bench.failed().kind == ErrorKind::not_found);
  CHECK(bench.renewals == kMaxRenewals);
  CHECK(bench.clock.sleeps().empty());
  bench.host.dead_links.clear();
  CHECK(bench.saved().resumed_from == 5'000);
}

TEST_CASE("a host in trouble is asked again, a few times and not at once") {
  Bench bench;
  bench.host.instead.emplace_back(Error{ErrorKind::unreachable, "no connection"});
  bench.host.instead.emplace_back(net::HttpResponse{503, {{"Retry-After", "20"}}, ""});
  bench.host.instead.emplace_back(net::HttpResponse{429, {}, ""});
  bench.saved();
  REQUIRE(bench.clock.sleeps().size() == 3);
  CHECK(bench.clock.sleeps()[0] >= std::chrono::milliseconds(250));
  CHECK(bench.clock.sleeps()[1] == std::chrono::seconds(20));

  Bench dead;
  for (int i = 0; i < kMaxFailures; ++i) {
    dead.host.instead.emplace_back(net::HttpResponse{500, {}, ""});
  }
  CHECK(dead.failed_for_good().kind == ErrorKind::unavailable);
  CHECK(dead.host.requests.size() == kMaxFailures);
}

TEST_CASE("cuts that bring next to nothing end it, with what to do") {
  Bench bench;
  for (int i = 0; i < 10; ++i) bench.host.cuts.push_back(10);
  bench.host.piece = 10;
  const Error error = bench.failed();
  CHECK(error.kind == ErrorKind::interrupted);
  CHECK(error.next_step == "Call again: it goes on after the 50 bytes that are here.");
  CHECK(bench.host.requests.size() == kMaxFailures);
}

TEST_CASE("a host that wants long patience ends the call, which says when to call again") {
  Bench bench;
  bench.host.instead.emplace_back(net::HttpResponse{429, {{"Retry-After", "31"}}, ""});
  const Error error = bench.failed();
  CHECK(error.kind == ErrorKind::unavailable);
  CHECK(error.next_step == "Call again in 31 s; it is free.");
  CHECK(error.retry_after == std::chrono::seconds(31));
  CHECK(bench.clock.sleeps().empty());
}

TEST_CASE("a body that trickles is given up and asked for anew") {
  Bench bench;
  bench.host.on_piece = [&](std::size_t sent) {
    if (sent <= 700) bench.clock.advance(std::chrono::seconds(10));
  };
  bench.saved();
  CHECK(bench.host.requests.size() == 3);
  CHECK(bench.host.body_bytes == bench.host.file.size());

  Bench endless;
  endless.host.on_piece = [&](std::size_t) { endless.clock.advance(std::chrono::seconds(10)); };
  const Error error = endless.failed();
  CHECK(error.kind == ErrorKind::interrupted);
  CHECK(error.message.find("next to nothing") != std::string::npos);
  CHECK(endless.host.requests.size() == kMaxFailures);
}

TEST_CASE("other refusals are said, and not asked again") {
  for (const int status : {400, 304, 451}) {
    Bench bench;
    bench.host.instead.emplace_back(net::HttpResponse{status, {}, ""});
    const Error error = bench.failed_for_good();
    CHECK(error.kind == ErrorKind::bad_response);
    CHECK(error.message.find(std::to_string(status)) != std::string::npos);
    CHECK(bench.host.requests.size() == 1);
  }
}

TEST_CASE("redirects are followed, three at most, with the range and nothing else") {
  Bench bench;
  bench.leave_part(5'000);
  for (const char* place : {"https://cdn.example/1", "/2", "//cdn.example/3"}) {
    bench.host.instead.emplace_back(net::HttpResponse{302, {{"Location", place}}, ""});
  }
  CHECK(bench.saved().resumed_from == 5'000);
  REQUIRE(bench.host.requests.size() == 4);
  CHECK(bench.host.requests[3].url == "https://cdn.example/3");
  CHECK(bench.sent(3, "Range") == "bytes=5000-");

  Bench endless;
  for (int i = 0; i < 4; ++i) {
    endless.host.instead.emplace_back(net::HttpResponse{307, {{"Location", "/again"}}, ""});
  }
  CHECK(endless.failed_for_good().kind == ErrorKind::bad_response);
  CHECK(endless.host.requests.size() == 4);
}

TEST_CASE("a redirect to plain http is refused without its query") {
  Bench bench;
  bench.host.instead.emplace_back(
      net::HttpResponse{302, {{"Location", "http://files.example/v?sig=canary"}}, ""});
  const Error error = bench.failed_for_good();
  CHECK(error.kind == ErrorKind::bad_response);
  CHECK(error.message.find("canary") == std::string::npos);
  CHECK(bench.host.requests.size() == 1);
}

TEST_CASE("a full disk says so, and the next call goes on") {
  Bench bench;
  {
    const fakes::FullDisk full(4'000);
    const Error error = bench.failed();
    CHECK(error.kind == ErrorKind::invalid_argument);
    CHECK(error.next_step.find("Make room") == 0);
    CHECK(bench.host.requests.size() == 1);
  }
  CHECK(bench.saved().resumed_from == 4'000);
}

TEST_CASE("a stop keeps what came, and says so") {
  Bench bench;
  bench.host.on_piece = [&](std::size_t sent) {
    if (sent >= 3'000) bench.stop.request_stop();
  };
  const Error error = bench.failed();
  CHECK(error.kind == ErrorKind::cancelled);
  CHECK(error.next_step.find("3000 bytes") != std::string::npos);

  Bench pausing;
  pausing.host.instead.emplace_back(Error{ErrorKind::unreachable, "no connection"});
  pausing.stop.request_stop();
  CHECK(pausing.failed().kind == ErrorKind::cancelled);
}

TEST_CASE("progress is told in bytes of the file, those from before included") {
  Bench bench;
  bench.leave_part(5'000);
  bench.reports.clear();
  bench.saved();
  REQUIRE(bench.reports.size() == 50);
  CHECK(bench.reports.front() ==
        std::pair(std::uint64_t{5'100}, std::optional<std::uint64_t>(10'000)));
  CHECK(bench.reports.back().first == 10'000);
}

TEST_CASE("a video that is there already is the answer, another version gets a number") {
  Bench bench;
  bench.saved();
  CHECK(bench.saved().was_there);
  bench.host.file = an_mp4(10'000, 2);
  bench.host.etag = "\"v2\"";
  const Saved other = bench.saved();
  CHECK(other.path == bench.folder / "a-2.mp4");
  CHECK_FALSE(other.was_there);
  CHECK(bench.folder.entries() == 2);
}
