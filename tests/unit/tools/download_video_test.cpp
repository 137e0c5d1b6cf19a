// Tries to have download_video save an old or unfinished video, write elsewhere, show the key to
// the file host, or touch the disk before there is something to save.
#include <filesystem>

#include "base/digest.h"
#include "fakes/file_host.h"
#include "fakes/scratch_folder.h"
#include "unit/tools/bench.h"

using namespace motion_mcp;
using fakes::an_mp4;
using fakes::read_whole;
using test::text_of;
using test::vendor_json;

namespace {

constexpr const char* kLink = "https://files.example/v.mp4?X-Goog-Signature=canary";

Json ready_job(const char* link = kLink) {
  Json job = vendor_json("status-completed");
  job["output"]["download_url"] = link;
  return job;
}

struct Saving : test::Bench {
  fakes::ScratchFolder scratch;
  fakes::FileHost host;
  const std::string folder = scratch / "data/videos";

  Saving() { downloads = {&host, &ledger, folder, download::kDefaultMaxBytes}; }

  mcp::ToolResult save(Json more = Json::object()) {
    more["job_id"] = test::kJobId;
    return call("download_video", more);
  }
  Json saved(Json more = Json::object()) {
    reply(ready_job());
    const auto result = save(std::move(more));
    REQUIRE_MESSAGE(!result.is_error, text_of(result));
    return *result.structured_content;
  }
  static Json facts(const mcp::ToolResult& result) {
    REQUIRE(result.is_error);
    return result.meta["motion-mcp/error"];
  }
};

}  // namespace

TEST_CASE("a finished video is saved, and the answer has its path, size and digest") {
  Saving bench;
  bench.reply(ready_job());
  const auto result = bench.save();
  REQUIRE_FALSE(result.is_error);
  const Json& answer = *result.structured_content;
  const std::string path = bench.folder + "/video-405d47cf.mp4";
  CHECK(answer["job_id"] == test::kJobId);
  CHECK(answer["path"] == path);
  CHECK(answer["bytes"] == bench.host.file.size());
  CHECK(answer["sha256"] == base::sha256_hex(bench.host.file));
  CHECK(answer["resumed"] == false);
  CHECK(read_whole(path) == bench.host.file);
  CHECK(text_of(result).find(path) != std::string::npos);
  CHECK(text_of(result).find("canary") == std::string::npos);
}

TEST_CASE("the job is read right before, with the key, and the file host never sees it") {
  Saving bench;
  bench.saved();
  REQUIRE(bench.http.sent().size() == 1);
  CHECK(net::find_header(bench.http.sent()[0].headers, "Authorization"));
  REQUIRE(bench.host.requests.size() == 1);
  CHECK(bench.host.requests[0].url == kLink);
  CHECK(bench.host.requests[0].headers.empty());
}

TEST_CASE("a prompt that is known gives the name its words, the first one's after a followup too") {
  Saving bench;
  bench.reply_started();
  bench.call("create_video", {{"prompt", "A calm ocean at dawn"}});
  bench.reply(ready_job());
  bench.reply_started();
  bench.followup();
  Json revised = ready_job();
  revised["completed_at"] = "2026-04-28T23:20:00.000Z";
  revised["output"]["completed_at"] = "2026-04-28T23:20:40.000Z";
  bench.reply(revised);
  const auto result = bench.save();
  REQUIRE_MESSAGE(!result.is_error, text_of(result));
  CHECK((*result.structured_content)["path"] ==
        bench.folder + "/a-calm-ocean-at-dawn-405d47cf.mp4");
}

TEST_CASE("a name can be chosen, and gets .mp4") {
  Saving bench;
  CHECK(bench.saved({{"filename", "Launch"}})["path"] == bench.folder + "/Launch.mp4");
  CHECK(bench.saved({{"filename", "launch.mp4"}})["path"] == bench.folder + "/launch.mp4");
}

TEST_CASE("a name that leads elsewhere is refused before anything is sent or made") {
  Saving bench;
  for (const char* name : {"../a.mp4", "/tmp/a.mp4", "a/b.mp4", ".bashrc", "a\\b", "a\nb"}) {
    CAPTURE(name);
    const auto result = bench.save({{"filename", name}});
    CHECK(Saving::facts(result)["kind"] == "invalid_argument");
    CHECK(Saving::facts(result)["spent"] == "no");
  }
  CHECK(bench.call("download_video", {{"job_id", "../x"}}).is_error);
  CHECK(bench.http.sent().empty());
  CHECK(bench.scratch.entries() == 0);
}

TEST_CASE("a job that is not ready is an error with its status and the call that waits") {
  Saving bench;
  bench.reply(vendor_json("status-running"));
  const auto result = bench.save();
  CHECK(Saving::facts(result)["kind"] == "conflict");
  CHECK(Saving::facts(result)["job_id"] == test::kJobId);
  CHECK(text_of(result).find("status is running") != std::string::npos);
  CHECK(text_of(result).find("get_video_status with job_id=" + std::string(test::kJobId) +
                             " and wait_seconds=50") != std::string::npos);
  CHECK(bench.host.requests.empty());
  CHECK(bench.scratch.entries() == 0);
}

TEST_CASE(
    "completed is not ready: neither without a file nor with the one from before a followup") {
  Saving rendering;
  Json job = ready_job();
  job["output"]["status"] = "processing";
  rendering.reply(job);
  CHECK(Saving::facts(rendering.save())["kind"] == "conflict");
  CHECK(rendering.host.requests.empty());

  Saving previous;
  previous.reply(ready_job());
  previous.reply_started();
  previous.followup();
  previous.reply(ready_job());
  CHECK(Saving::facts(previous.save())["kind"] == "conflict");
  CHECK(previous.host.requests.empty());
}

TEST_CASE("a job that failed, and one that is nobody's, are said") {
  Saving bench;
  Json job = vendor_json("status-running");
  job["status"] = "failed";
  job["error"] = "no luck";
  bench.reply(job);
  const auto failed = bench.save();
  CHECK(Saving::facts(failed)["kind"] == "conflict");
  CHECK(text_of(failed).find("there is no video to save, the job's status is failed") !=
        std::string::npos);
  CHECK(text_of(failed).find("no luck") != std::string::npos);
  bench.http.reply(404, test::vendor_text("error-404"));
  CHECK(Saving::facts(bench.save())["kind"] == "not_found");
}

TEST_CASE("a link that died is renewed by reading the job again") {
  Saving bench;
  constexpr const char* kFresh = "https://files.example/v.mp4?X-Goog-Signature=fresh";
  bench.host.dead_links = {kLink};
  bench.reply(ready_job());
  bench.reply(ready_job(kFresh));
  const auto result = bench.save();
  REQUIRE_MESSAGE(!result.is_error, text_of(result));
  CHECK(bench.count("GET") == 2);
  CHECK(bench.host.requests.back().url == kFresh);
}

TEST_CASE("a followup that was sent meanwhile ends the download when the link dies") {
  Saving bench;
  bench.host.dead_links = {kLink};
  bench.reply(ready_job());
  bench.reply(vendor_json("status-running"));
  CHECK(Saving::facts(bench.save())["kind"] == "conflict");
}

TEST_CASE("what was stopped is gone on with, and that is said") {
  Saving bench;
  bench.host.on_piece = [&](std::size_t sent) {
    if (sent >= 3'000) bench.stop.request_stop();
  };
  bench.reply(ready_job());
  CHECK(Saving::facts(bench.save())["kind"] == "cancelled");
  bench.stop = {};
  bench.host.on_piece = nullptr;
  const Json answer = bench.saved();
  CHECK(answer["resumed"] == true);
  CHECK(read_whole(answer["path"]) == bench.host.file);
}

TEST_CASE("the same video again is the same file, its revision another") {
  Saving bench;
  const Json first = bench.saved();
  const Json again = bench.saved();
  CHECK(again["path"] == first["path"]);
  CHECK(again["already_there"] == true);
  bench.host.file = an_mp4(7'000, 2);
  bench.host.etag = "\"v2\"";
  CHECK(bench.saved()["path"] == bench.folder + "/video-405d47cf-2.mp4");
}

TEST_CASE("progress is told in bytes with the total, once a second and at the end") {
  Saving bench;
  bench.host.on_piece = [&](std::size_t) { bench.clock.advance(std::chrono::milliseconds(100)); };
  bench.saved();
  REQUIRE(bench.progress.size() == 11);
  for (const auto& report : bench.progress) CHECK(report.total == 10'000.0);
  CHECK(bench.progress.front().progress == 100.0);
  CHECK(bench.progress[1].progress == 1'100.0);
  CHECK(bench.progress.back().progress == 10'000.0);
  CHECK(bench.progress.back().message == "10000 of 10000 bytes are here.");
}

TEST_CASE("a video larger than allowed, an HTML page and a folder that cannot be are refused") {
  Saving bench;
  bench.downloads.max_bytes = 9'999;
  bench.reply(ready_job());
  const auto large = bench.save();
  CHECK(Saving::facts(large)["kind"] == "invalid_argument");
  CHECK(text_of(large).find("--max-download-bytes") != std::string::npos);

  bench.downloads.max_bytes = 10'000;
  bench.host.file = "<!DOCTYPE html><title>Sign in</title>";
  bench.reply(ready_job());
  CHECK(Saving::facts(bench.save())["kind"] == "bad_response");
  CHECK(std::filesystem::is_empty(bench.folder));

  bench.scratch.write("file", "");
  bench.downloads.folder = bench.scratch / "file/videos";
  bench.reply(ready_job());
  CHECK(Saving::facts(bench.save())["kind"] == "invalid_argument");

  bench.downloads.folder.clear();
  bench.reply(ready_job());
  CHECK(text_of(bench.save()).find("--output-dir") != std::string::npos);
}

TEST_CASE("a ledger that cannot be read costs the name its words and nothing else") {
  Saving bench;
  bench.scratch.write("file", "");
  jobs::Ledger broken({bench.scratch / "file/ledger.db", true}, bench.clock);
  bench.downloads.ledger = &broken;
  CHECK(bench.saved()["path"] == bench.folder + "/video-405d47cf.mp4");
  bench.downloads.ledger = nullptr;
  CHECK(bench.saved()["path"] == bench.folder + "/video-405d47cf.mp4");
}
