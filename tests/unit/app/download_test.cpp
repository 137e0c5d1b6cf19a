// Tries to save something that is no video, to give the key away, and to give up or repeat at the
// wrong moment.

#include "app/download.h"

#include <doctest/doctest.h>

#include "fakes/manual_clock.h"
#include "fakes/scripted_http_client.h"
#include "unit/app/scratch_folder.h"

namespace motion_mcp::app {
namespace {

const std::string kMp4 = std::string("\0\0\0\x18", 4) + "ftypisom....the rest";

struct Fixture {
  ScratchFolder folder;
  fakes::ScriptedHttpClient http;
  fakes::ManualClock clock;
  std::stop_source stop;

  Result<std::uint64_t> download() {
    auto file = OutputFile::open(folder / "a.mp4");
    REQUIRE(file);
    return download_video(http, clock, "https://files.example/v.mp4?sig=s", *file,
                          stop.get_token());
  }
  ErrorKind failure() {
    const auto bytes = download();
    REQUIRE_FALSE(bytes);
    CHECK(folder.entries() == 0);
    return bytes.error().kind;
  }
};

TEST_CASE("a video is saved whole, and its size told") {
  Fixture f;
  f.http.reply(200, kMp4);
  const auto bytes = f.download();
  REQUIRE(bytes);
  CHECK(*bytes == kMp4.size());
  CHECK(read_whole(f.folder / "a.mp4") == kMp4);
}

TEST_CASE("the file host gets the URL and no header of ours") {
  Fixture f;
  f.http.reply(200, kMp4);
  REQUIRE(f.download());
  REQUIRE(f.http.sent().size() == 1);
  CHECK(f.http.sent()[0].method == "GET");
  CHECK(f.http.sent()[0].url == "https://files.example/v.mp4?sig=s");
  CHECK(f.http.sent()[0].headers.empty());
}

TEST_CASE("what does not begin like an MP4 is not saved") {
  for (const std::string& body :
       {std::string("<html>expired</html>"), std::string(), kMp4.substr(0, 7)}) {
    CAPTURE(body);
    Fixture f;
    f.http.reply(200, body);
    CHECK(f.failure() == ErrorKind::bad_response);
    CHECK(f.http.sent().size() == 1);
  }
}

TEST_CASE("a cut or troubled download is tried three times in all") {
  Fixture f;
  f.http.fail(ErrorKind::interrupted);
  f.http.reply(503, "");
  f.http.reply(200, kMp4);
  REQUIRE(f.download());
  CHECK(f.clock.sleeps().size() == 2);

  Fixture g;
  for (int i = 0; i < 3; ++i) g.http.fail(ErrorKind::unreachable);
  CHECK(g.failure() == ErrorKind::unreachable);
  CHECK(g.http.sent().size() == 3);
}

TEST_CASE("a dead link is said to be one, and not tried again") {
  for (const int status : {403, 404, 410}) {
    Fixture f;
    f.http.reply(status, "");
    CHECK(f.failure() == ErrorKind::not_found);
    CHECK(f.http.sent().size() == 1);
  }
}

TEST_CASE("a redirect is not followed") {
  Fixture f;
  f.http.reply(302, "", {{"Location", "https://elsewhere.example/"}});
  CHECK(f.failure() == ErrorKind::bad_response);
  CHECK(f.http.sent().size() == 1);
}

TEST_CASE("a stop ends it, also between attempts") {
  Fixture f;
  f.http.reply_with([&](const auto&, const auto&) -> Result<net::HttpResponse> {
    f.stop.request_stop();
    return Error{ErrorKind::interrupted, "cut"};
  });
  CHECK(f.failure() == ErrorKind::cancelled);
}

}  // namespace
}  // namespace motion_mcp::app
