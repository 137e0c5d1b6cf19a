// Every answer on the vendor's page (tests/fixtures/vendor/motioness-*), and those that stand on
// none: is it worth waiting for, whose turn is it, was anything spent?
#include "motioness/answer.h"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

using namespace motion_mcp;
using namespace std::chrono_literals;
using motioness::Asset;
using motioness::AssetEvent;

namespace {

std::string vendor_text(const std::string& name) {
  std::ifstream file(MOTION_MCP_SOURCE_DIR "/tests/fixtures/vendor/motioness-" + name + ".json");
  REQUIRE_MESSAGE(file.is_open(), name);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

const net::Headers kJson = {{"Content-Type", "application/json"}};

Result<Asset> read(int status, std::string body, const net::Headers& headers = kJson) {
  return motioness::read_answer({status, headers, std::move(body)}, base::WallTime(0s));
}

Error error_of(int status, const std::string& body, const net::Headers& headers = kJson) {
  const auto asset = read(status, body, headers);
  REQUIRE_FALSE(asset);
  return asset.error();
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a video that is ready is told by its headers") {
  const auto asset = read(200, "",
                          {{"Content-Type", "video/mp4"},
                           {"X-Motioness-Asset-Id", "a25b330a71e2bc6b"},
                           {"X-Motioness-Stage", "ready"},
                           {"X-Motioness-Loop", "native"},
                           {"X-Request-Id", "req_abc12345"},
                           {"Cache-Control", "public, max-age=31536000, immutable"},
                           {"cf-cache-status", "HIT"}});
  REQUIRE(asset);
  CHECK(asset->is_ready);
  CHECK(asset->id == "a25b330a71e2bc6b");
  CHECK(asset->stage == "ready");
  CHECK(asset->loop == "native");
  CHECK(asset->request_id == "req_abc12345");
}

TEST_CASE("a poster is ready without an asset id") {
  const auto asset = read(200, "", {{"Content-Type", "image/jpeg"}});
  REQUIRE(asset);
  CHECK(asset->is_ready);
  CHECK(asset->id.empty());
}

TEST_CASE("a video in the making says how far it is") {
  const auto asset = read(202, vendor_text("202"),
                          {{"Retry-After", "30"},
                           {"X-Motioness-Asset-Id", "a25b"},
                           {"X-Motioness-Stage", "queued"},
                           {"X-Motioness-Eta-Ms", "28000"},
                           {"Content-Type", "application/json"}});
  REQUIRE(asset);
  CHECK_FALSE(asset->is_ready);
  CHECK(asset->id == "a25b");
  CHECK(asset->stage == "queued");
  CHECK(asset->eta == 28s);
  CHECK(asset->retry_after == 30s);
}

TEST_CASE("without its headers the body still names the asset") {
  CHECK(read(202, vendor_text("202"))->id == "a25b330a71e2bc6b");
  CHECK(read(202, "not JSON")->id.empty());
  CHECK_FALSE(read(202, "", {{"X-Motioness-Eta-Ms", "-5"}})->eta);
  CHECK(read(202, "", {{"X-Motioness-Eta-Ms", "9223372036854775807"}})->eta == 24h);
}

TEST_CASE("a 200 that is no picture is no answer of the proxy's") {
  const Error error = error_of(200, "<html>", {{"Content-Type", "text/html"}});
  CHECK(error.kind == ErrorKind::bad_response);
  CHECK(error.spent == Spent::unknown);
}

TEST_CASE("the four forms of 403 differ in what is to be done") {
  const Error origin = error_of(403, vendor_text("403-origin"));
  CHECK(origin.kind == ErrorKind::invalid_argument);
  CHECK(has(origin.next_step, "add that host"));
  const Error project = error_of(403, vendor_text("403-project"));
  CHECK(project.kind == ErrorKind::unauthenticated);
  CHECK(has(project.next_step, "MOTIONESS_PROJECT_KEY"));
  const Error signature = error_of(403, vendor_text("403-signature"));
  CHECK(has(signature.message, "expired"));
  CHECK(has(signature.next_step, "build_motion_url"));
  const Error signing = error_of(403, vendor_text("403-signing"));
  CHECK(has(signing.next_step, "Set MOTIONESS_SIGNING_SECRET"));
  CHECK(error_of(403, "{}").kind == ErrorKind::unauthenticated);
}

TEST_CASE("a source that is refused says what would be taken") {
  const Error large = error_of(413, vendor_text("413"));
  CHECK(large.kind == ErrorKind::invalid_argument);
  CHECK(has(large.message, "file exceeds 10 MB limit"));
  const Error kind = error_of(415, vendor_text("415"));
  CHECK(kind.kind == ErrorKind::invalid_argument);
  CHECK(has(kind.next_step, "PNG, JPEG or WebP"));
}

TEST_CASE("of the three forms of 429 one is worth waiting for") {
  const Error quota = error_of(429, vendor_text("429"), {{"Retry-After", "30"}});
  CHECK(quota.kind == ErrorKind::plan_required);
  CHECK_FALSE(quota.retry_after);
  CHECK(has(quota.next_step, "https://motioness.com/pricing"));
  for (const char* body : {R"({"error":"monthly generation limit reached"})",
                           R"({"error":"overage disabled for this project"})"}) {
    CHECK(error_of(429, body).kind == ErrorKind::plan_required);
  }
  const Error rate = error_of(429, R"({"error":"rate limited","retry_after_ms":1500})");
  CHECK(rate.kind == ErrorKind::rate_limited);
  CHECK(rate.retry_after == 2s);
  CHECK(error_of(429, R"({"error":"rate limited","retry_after_ms":1500})", {{"Retry-After", "7"}})
            .retry_after == 7s);
  CHECK(error_of(429, "").kind == ErrorKind::rate_limited);
}

TEST_CASE("a generation that failed for good is told from a gateway in trouble") {
  const Error failed = error_of(502, vendor_text("502"));
  CHECK(failed.kind == ErrorKind::conflict);
  CHECK(has(failed.message, "\"POST /api/v1/regenerate/{asset_id}\""));
  CHECK(has(failed.next_step, "dashboard"));
  const Error gateway = error_of(502, "<html><body>Bad gateway</body></html>");
  CHECK(gateway.kind == ErrorKind::unavailable);
  CHECK_FALSE(has(gateway.message, "html"));
}

TEST_CASE("what was refused cost nothing, what failed may have") {
  for (const int status : {400, 403, 404, 413, 415, 429}) {
    CHECK_MESSAGE(error_of(status, "{}").spent == Spent::no, status);
  }
  for (const int status : {500, 502, 503, 504, 520}) {
    CHECK_MESSAGE(error_of(status, "{}").spent == Spent::unknown, status);
    CHECK_MESSAGE(has(error_of(status, "{}").next_step, "paid for once"), status);
  }
}

TEST_CASE("an answer that stands on no page is one of another service") {
  for (const int status : {201, 204, 302, 402, 418}) {
    CHECK_MESSAGE(error_of(status, "").kind == ErrorKind::bad_response, status);
  }
}

TEST_CASE("silence may have cost something, unless nothing was sent") {
  CHECK(motioness::error_of_silence({ErrorKind::interrupted, "cut"}).spent == Spent::unknown);
  CHECK(motioness::error_of_silence({ErrorKind::unreachable, "no route"}).spent == Spent::no);
}

TEST_CASE("events say what happens, known ones in a sentence") {
  const AssetEvent event = motioness::read_event(
      {"stage_failed",
       R"({"stage":"stage1","attempt":1,"error_code":"i2v_timeout","error_msg":"too slow"})", "1"});
  CHECK(event.stage == "stage1");
  CHECK(event.error_code == "i2v_timeout");
  CHECK(event.error_message == "too slow");
  CHECK_FALSE(event.is_last());
  CHECK(motioness::words_for_event(event) == "A stage has failed: \"stage1\".");
  CHECK(motioness::words_for_event({"ready"}) == "The video is ready.");
  CHECK(motioness::words_for_event({"shiny"}) == "The service says \"shiny\".");
  CHECK(motioness::words_for_event({"<b>"}) == "The generation goes on.");
  CHECK(motioness::read_event({"ready", "not JSON", ""}).is_last());
  for (const char* last : {"ready", "failed", "cancelled"}) CHECK(AssetEvent{last}.is_last());
}
