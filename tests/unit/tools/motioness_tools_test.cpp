// The tools of the Motioness proxy: tries to make a URL leak the secret, to pay twice for one asset
// or unasked for a first, to reach another project or host, and to wait for what failed.
#include <doctest/doctest.h>

#include <string>

#include "base/redact.h"
#include "unit/tools/bench.h"

using namespace motion_mcp;
using namespace std::chrono_literals;

namespace {

constexpr const char* kSource = "https://cdn.acme.com/hero.png";
constexpr const char* kUrl = "https://motioness.com/v1/pk_acme/cdn.acme.com/hero.png.mp4";
constexpr const char* kCanary = "canary-signing-secret";

const net::Headers kPending = {{"Content-Type", "application/json"},
                               {"X-Motioness-Asset-Id", "a25b330a71e2bc6b"},
                               {"X-Motioness-Stage", "queued"},
                               {"X-Motioness-Eta-Ms", "28000"},
                               {"Retry-After", "30"}};
const net::Headers kReady = {{"Content-Type", "video/mp4"},
                             {"X-Motioness-Asset-Id", "a25b330a71e2bc6b"},
                             {"X-Motioness-Stage", "ready"},
                             {"X-Motioness-Loop", "native"},
                             {"X-Request-Id", "req_abc12345"}};

struct ProxyBench : test::Bench {
  motioness::Client proxy{http, clock};
  tools::MotionessServices motioness{proxy, guard, "https://motioness.com"};

  ProxyBench() { caller.further["motioness"] = "pk_acme"; }

  mcp::ToolResult call(std::string_view tool, const Json& arguments) {
    const Json definition = Json::parse(test::entry(tool).definition);
    const auto faults = mcp::Schema(definition["inputSchema"]).faults_in(arguments);
    REQUIRE_MESSAGE(faults.empty(), faults.front());
    tools::Services all = services();
    all.motioness = &motioness;
    mcp::ToolResult result = run(tool, all, arguments);
    if (!result.input_required) CHECK(test::faults_of(tool, result) == "");
    return result;
  }
  mcp::ToolResult build(Json arguments) {
    arguments["source_url"] = arguments.value("source_url", kSource);
    return call("build_motion_url", arguments);
  }
  mcp::ToolResult get(Json arguments = Json::object()) {
    arguments["url"] = arguments.value("url", kUrl);
    return call("get_motion_asset", arguments);
  }

  void reply_pending() { http.reply(202, R"({"status":"pending"})", kPending); }
  void reply_ready() { http.reply(200, "bytes", kReady); }
  void reply_events(std::string body) {
    http.reply(200, std::move(body), {{"Content-Type", "text/event-stream"}});
  }
};

std::string error_text(const mcp::ToolResult& result) {
  CHECK(result.is_error);
  return test::text_of(result);
}

std::string kind_of(const mcp::ToolResult& result) {
  return result.meta.at("motion-mcp/error").at("kind");
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

// --- build_motion_url ----------------------------------------------------------------------------

TEST_CASE("a URL is built without a request, with what to paste and what to do next") {
  ProxyBench bench;
  const auto result = bench.build({{"dur", 4}, {"motion", "subtle"}, {"alt", "A hero"}});
  const Json built = *result.structured_content;
  CHECK(built["url"] == std::string(kUrl) + "?motion=subtle&dur=4");
  CHECK(built["video_url"] == built["url"]);
  CHECK(built["poster_url"] ==
        "https://motioness.com/v1/pk_acme/cdn.acme.com/hero.png.jpg?motion=subtle&dur=4");
  CHECK(built["signed"] == false);
  CHECK_FALSE(built.contains("expires_at"));
  for (const char* embed : {"img", "video", "og", "rss", "markdown", "mdx"}) {
    CHECK(built["embeds"][embed].get<std::string>().size() > 20);
    CHECK(has(test::text_of(result), built["embeds"][embed].get<std::string>()));
  }
  CHECK(has(built["next_step"], built["url"].get<std::string>()));
  CHECK(bench.http.sent().empty());
}

TEST_CASE("a poster is asked for by its format") {
  ProxyBench bench;
  const Json built = *bench.build({{"format", "jpg"}}).structured_content;
  CHECK(built["url"] == built["poster_url"]);
  CHECK(built["video_url"] == kUrl);
}

TEST_CASE("a wait stands in the video's URL") {
  ProxyBench bench;
  const Json built = *bench.build({{"wait_ms", 8000}}).structured_content;
  CHECK(built["url"] == std::string(kUrl) + "?wait_ms=8000");
}

TEST_CASE("with a secret URLs are signed, for a week unless said") {
  ProxyBench bench;
  bench.motioness.signing_secret = kCanary;
  const Json week = *bench.build(Json::object()).structured_content;
  CHECK(week["signed"] == true);
  CHECK(week["expires_at"] == "2026-05-05T23:01:04.000Z");
  CHECK(has(week["url"], "?exp=1778022064&sig="));
  const Json hour = *bench.build({{"expires_in", 3600}}).structured_content;
  CHECK(hour["expires_at"] == "2026-04-29T00:01:04.000Z");
  // printf %s pk_acme:https://cdn.acme.com/hero.png:1777420864 |
  //   openssl dgst -sha256 -hmac canary-signing-secret
  CHECK(has(hour["url"],
            "?exp=1777420864&sig="
            "0457208feb524d6ab0d4ea64e33a78c93e9b8b1be5ebcb5e73d93334cbd02912"));
}

TEST_CASE("the secret stands in no answer and no refusal") {
  ProxyBench bench;
  base::add_secret(kCanary);  // as the program does with what it reads
  bench.motioness.signing_secret = kCanary;
  bench.reply_pending();
  const auto built = bench.build(Json::object());
  const std::string url = (*built.structured_content)["url"];
  const auto refused = bench.build({{"source_url", "https://10.0.0.1/a.png"}});
  const auto got = bench.get({{"url", url}});
  bench.http.reply(403, R"({"error":"invalid signature, canary-signing-secret"})");
  const auto failed = bench.get({{"url", url}});
  for (const auto* result : {&built, &refused, &got, &failed}) {
    CHECK_FALSE(has(test::text_of(*result), kCanary));
    CHECK_FALSE(has(result->structured_content.value_or(Json()).dump(), kCanary));
  }
  for (const auto& request : bench.http.sent()) CHECK_FALSE(has(request.url, kCanary));
}

TEST_CASE("an expiry without a secret, and a secret that cannot be one, build nothing") {
  ProxyBench bench;
  CHECK(has(error_text(bench.build({{"expires_in", 60}})), "expires_in is for signed URLs"));
  bench.motioness.secret_problem = Error{ErrorKind::no_credential, "no signing secret"};
  CHECK(kind_of(bench.build(Json::object())) == "no_credential");
}

TEST_CASE("a source that the proxy cannot fetch is refused") {
  ProxyBench bench;
  for (const char* source : {"/home/me/a.png", "file:///a.png", "https://localhost/a.png",
                             "https://10.0.0.1/a.png", "http://cdn.acme.com/a.png"}) {
    CHECK_MESSAGE(kind_of(bench.build({{"source_url", source}})) == "invalid_argument", source);
  }
  CHECK(has(error_text(bench.build({{"source_url", "/a.png"}})), "which Motioness cannot read"));
}

TEST_CASE("a source with a query comes with a doubt, unless the URL is signed") {
  ProxyBench bench;
  const char* source = "https://cdn.acme.com/a.png?w=1";
  CHECK(has((*bench.build({{"source_url", source}}).structured_content)["message"],
            "not documented"));
  bench.motioness.signing_secret = kCanary;
  CHECK_FALSE(has((*bench.build({{"source_url", source}}).structured_content)["message"],
                  "not documented"));
}

TEST_CASE("a caller without a project key is told so") {
  ProxyBench bench;
  bench.caller.further.clear();
  CHECK(kind_of(bench.build(Json::object())) == "no_credential");
  bench.caller.further["motioness"] = "mk_other";
  CHECK(kind_of(bench.get()) == "no_credential");
  CHECK(bench.http.sent().empty());
}

// --- get_motion_asset ----------------------------------------------------------------------------

TEST_CASE("an asset in the making is told with its stage and when to come back") {
  ProxyBench bench;
  bench.reply_pending();
  const Json seen = *bench.get().structured_content;
  CHECK(seen["url"] == kUrl);
  CHECK(seen["ready"] == false);
  CHECK(seen["stage"] == "queued");
  CHECK(seen["asset_id"] == "a25b330a71e2bc6b");
  CHECK(seen["eta_seconds"] == 28);
  CHECK(seen["poll_after_seconds"] == 30);
  CHECK(seen["poster_url"] == "https://motioness.com/v1/pk_acme/cdn.acme.com/hero.png.jpg");
  CHECK_FALSE(seen.contains("timed_out"));
  CHECK(bench.http.sent().at(0).url == kUrl);
}

TEST_CASE("an asset that is ready is told with all that its headers say") {
  ProxyBench bench;
  bench.reply_ready();
  const Json seen = *bench.get({{"wait_seconds", 50}}).structured_content;
  CHECK(seen["ready"] == true);
  CHECK(seen["stage"] == "ready");
  CHECK(seen["loop"] == "native");
  CHECK(seen["request_id"] == "req_abc12345");
  CHECK_FALSE(seen.contains("poll_after_seconds"));
  CHECK(bench.http.sent().size() == 1);
}

TEST_CASE("a wait tells the stages as progress that rises, and ends with the video") {
  ProxyBench bench;
  bench.reply_pending();
  bench.reply_events(
      "event: vision_started\ndata: {}\n\nevent: stage_started\ndata: {\"stage\":\"stage1\"}\n\n"
      "event: ready\ndata: {}\n\n");
  bench.reply_ready();
  const Json seen = *bench.get({{"wait_seconds", 50}}).structured_content;
  CHECK(seen["ready"] == true);
  REQUIRE(bench.progress.size() == 4);
  for (std::size_t i = 1; i < bench.progress.size(); ++i) {
    CHECK(bench.progress[i].progress > bench.progress[i - 1].progress);
  }
  CHECK(bench.progress[2].message.starts_with("A stage has begun: \"stage1\"."));
  CHECK(bench.http.sent().at(0).url == std::string(kUrl) + "?wait_ms=1000");
  CHECK(bench.http.sent().at(1).url == "https://motioness.com/v1/pk_acme/events/a25b330a71e2bc6b");
}

TEST_CASE("a wait that ends before the video says so, and that it was cut") {
  ProxyBench bench;
  bench.reply_pending();
  bench.http.reply(404, "{}");
  for (int i = 0; i < 100; ++i) bench.reply_pending();
  const Json seen = *bench.get({{"wait_seconds", 500}}).structured_content;
  CHECK(seen["timed_out"] == true);
  CHECK(has(seen["message"], "cut to 50 s"));
  CHECK(has(seen["next_step"], "wait_seconds 50; that is free"));
}

TEST_CASE("a poster answers at once and is no order") {
  ProxyBench bench;
  bench.asks_first = true;
  bench.http.reply(200, "bytes", {{"Content-Type", "image/jpeg"}});
  const Json seen =
      *bench.get({{"url", "https://motioness.com/v1/pk_acme/cdn.acme.com/hero.png.jpg"}})
           .structured_content;
  CHECK(seen["ready"] == true);
}

TEST_CASE("the first GET of an asset asks where that is wanted, every later one does not") {
  ProxyBench bench;
  bench.asks_first = true;
  const std::string question = error_text(bench.get());
  CHECK(has(question, "one paid generation"));
  CHECK(bench.http.sent().empty());
  const std::size_t at = question.find("confirm_token=\"") + 15;
  const std::string token = question.substr(at, question.find('"', at) - at);
  bench.reply_pending();
  CHECK_FALSE(bench.get({{"confirm_token", token}}).is_error);
  bench.reply_pending();
  CHECK_FALSE(bench.get().is_error);
  bench.reply_ready();
  CHECK_FALSE(bench.get({{"url", std::string(kUrl) + "?wait_ms=5"}}).is_error);
  CHECK(kind_of(bench.get({{"url", std::string(kUrl) + "?idem=2"}})) == "needs_approval");
  CHECK(bench.http.sent().size() == 3);
}

TEST_CASE("ceilings count first GETs alone") {
  ProxyBench bench;
  jobs::SpendGuard tight(bench.ledger, bench.clock, {.ceilings = {.per_day = 1}});
  tools::MotionessServices motioness{bench.proxy, tight, "https://motioness.com"};
  tools::Services all = bench.services();
  all.motioness = &motioness;
  const auto get = [&](const std::string& url) {
    return bench.run("get_motion_asset", all, {{"url", url}});
  };
  for (int i = 0; i < 3; ++i) bench.reply_pending();
  for (int i = 0; i < 3; ++i) CHECK_FALSE(get(kUrl).is_error);
  CHECK(kind_of(get(std::string(kUrl) + "?dur=3")) == "rate_limited");
  CHECK(bench.http.sent().size() == 3);
}

TEST_CASE("a first GET whose answer was lost may be repeated, and says that it may have cost") {
  ProxyBench bench;
  for (int i = 0; i < motioness::Client::kMaxAttempts; ++i) {
    bench.http.fail(ErrorKind::interrupted);
  }
  const auto lost = bench.get();
  CHECK(lost.meta.at("motion-mcp/error").at("spent") == "unknown");
  CHECK(has(error_text(lost), "paid for once"));
  bench.reply_pending();
  CHECK_FALSE(bench.get().is_error);
}

TEST_CASE("a generation that failed in the first GET may have been begun by it") {
  ProxyBench bench;
  const char* failed = R"({"error":"last generation failed"})";
  bench.http.reply(502, failed);
  CHECK(bench.get().meta.at("motion-mcp/error").at("spent") == "unknown");
  bench.http.reply(502, failed);
  CHECK(bench.get().meta.at("motion-mcp/error").at("spent") == "no");
}

TEST_CASE("a generation that failed for good names the hint and does not follow it") {
  ProxyBench bench;
  bench.http.reply(502, R"({"error":"last generation failed","hint":"POST /api/v1/regenerate/x"})");
  const std::string text = error_text(bench.get({{"wait_seconds", 50}}));
  CHECK(has(text, "POST /api/v1/regenerate/x"));
  CHECK(bench.http.sent().size() == 1);
}

TEST_CASE("a URL of elsewhere, of another project or past its time is never requested") {
  ProxyBench bench;
  for (const char* url :
       {"https://evil.example/v1/pk_acme/cdn.acme.com/hero.png.mp4",
        "https://motioness.com/v1/pk_other/cdn.acme.com/hero.png.mp4",
        "https://motioness.com/v1/pk_acme/cdn.acme.com/hero.png.mp4?exp=1&sig=ab"}) {
    CHECK_MESSAGE(kind_of(bench.get({{"url", url}})) == "invalid_argument", url);
  }
  CHECK(bench.http.sent().empty());
}

TEST_CASE("a wait that is given up says that the generation goes on") {
  ProxyBench bench;
  bench.reply_pending();
  bench.http.reply_with([&](const auto&, const auto&) -> Result<net::HttpResponse> {
    bench.stop.request_stop();
    return Error{ErrorKind::cancelled, "the call was cancelled"};
  });
  const auto result = bench.get({{"wait_seconds", 50}});
  CHECK(kind_of(result) == "cancelled");
  CHECK(has(error_text(result), "goes on"));
}
