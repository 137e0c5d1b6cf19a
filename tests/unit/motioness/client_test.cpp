// The first GET spends, every other one is free: tries to lose what was paid for, to wait for what
// will never come, and to read a whole video where its headers would do.
#include "motioness/client.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "fakes/manual_clock.h"
#include "fakes/scripted_http_client.h"
#include "motioness/wait.h"

using namespace motion_mcp;
using namespace std::chrono_literals;
using motioness::Asset;
using motioness::Link;
using motioness::Project;
using motioness::WaitEnd;

namespace {

const net::Headers kPending = {{"Content-Type", "application/json"},
                               {"X-Motioness-Asset-Id", "a25b330a71e2bc6b"},
                               {"X-Motioness-Stage", "queued"},
                               {"Retry-After", "30"}};
const net::Headers kReady = {{"Content-Type", "video/mp4"},
                             {"X-Motioness-Asset-Id", "a25b330a71e2bc6b"},
                             {"X-Motioness-Stage", "ready"}};

struct Bench {
  fakes::ScriptedHttpClient http;
  fakes::ManualClock clock;
  std::stop_source stop;
  Project project{"https://motioness.com", "pk_acme"};
  Link link = *motioness::parse_link(
      project, "https://motioness.com/v1/pk_acme/cdn.acme.com/hero.png.mp4?dur=4");
  motioness::Client client{http, clock};
  std::vector<std::string> stages;

  void pending() { http.reply(202, R"({"status":"pending"})", kPending); }
  void ready() { http.reply(200, "the bytes of a video", kReady); }
  void events(std::string body) {
    http.reply(200, std::move(body), {{"Content-Type", "text/event-stream"}});
  }

  Result<Asset> get(std::chrono::milliseconds wait = 0ms) {
    return client.get(project, link, wait, stop.get_token());
  }
  Result<WaitEnd> wait(std::chrono::seconds length = 50s,
                       const std::string& id = "a25b330a71e2bc6b") {
    Asset seen;
    seen.id = id;
    seen.stage = "queued";
    return motioness::wait_for_asset(client, clock, project, link, seen, clock.now() + length,
                                     stop.get_token(),
                                     [&](const std::string& words) { stages.push_back(words); });
  }
  std::string url(std::size_t request) const { return http.sent().at(request).url; }
};

constexpr const char* kAssetUrl =
    "https://motioness.com/v1/pk_acme/cdn.acme.com/hero.png.mp4?dur=4";
constexpr const char* kEventsUrl = "https://motioness.com/v1/pk_acme/events/a25b330a71e2bc6b";

}  // namespace

TEST_CASE("of a video only the headers are read") {
  Bench bench;
  bench.http.reply_with([&](const auto&, const auto&) -> Result<net::HttpResponse> {
    return net::HttpResponse{200, kReady, std::string(10'000'000, 'x')};
  });
  const auto asset = bench.get();
  REQUIRE(asset);
  CHECK(asset->is_ready);
  CHECK(asset->id == "a25b330a71e2bc6b");
  CHECK(bench.http.sent().size() == 1);
  CHECK(bench.url(0) == kAssetUrl);
}

TEST_CASE("a wait is the service's, within its limit, and the deadline leaves room for it") {
  Bench bench;
  const base::SteadyTime begun = bench.clock.now();
  bench.pending();
  CHECK(bench.get(60s));
  CHECK(bench.url(0) == std::string(kAssetUrl) + "&wait_ms=10000");
  CHECK(bench.http.deadlines().at(0) == begun + 10s + motioness::Client::kPatience);
}

TEST_CASE("no answer, a gateway in trouble and a short 429 are asked again, for that is free") {
  Bench bench;
  bench.http.fail(ErrorKind::interrupted);
  bench.http.reply(502, "<html>");
  bench.pending();
  CHECK(bench.get());

  Bench limited;
  limited.http.reply(429, R"({"error":"rate limited"})", {{"Retry-After", "3"}});
  limited.ready();
  CHECK(limited.get());
  CHECK(limited.clock.sleeps() == std::vector<std::chrono::milliseconds>{3000ms});
}

TEST_CASE("a refusal is final, and so is a generation that failed") {
  for (const int status : {400, 403, 404, 413, 415}) {
    Bench bench;
    bench.http.reply(status, "{}");
    CHECK_FALSE(bench.get());
    CHECK(bench.http.sent().size() == 1);
  }
  Bench failed;
  failed.http.reply(502, R"({"error":"last generation failed"})");
  CHECK(failed.get().error().kind == ErrorKind::conflict);
  Bench quota;
  quota.http.reply(429, R"({"error":"monthly limit reached"})");
  CHECK(quota.get().error().kind == ErrorKind::plan_required);
  Bench patient;
  patient.http.reply(429, R"({"error":"rate limited"})", {{"Retry-After", "60"}});
  CHECK(patient.get().error().retry_after == 60s);
}

TEST_CASE("a refusal after silence does not say that nothing was spent") {
  Bench bench;
  bench.http.fail(ErrorKind::interrupted);
  bench.http.reply(403, R"({"error":"invalid signature"})");
  const auto asset = bench.get();
  REQUIRE_FALSE(asset);
  CHECK(asset.error().kind == ErrorKind::unauthenticated);
  CHECK(asset.error().spent == Spent::unknown);
}

TEST_CASE("a stop ends it, and says what may have been spent") {
  Bench before;
  before.stop.request_stop();
  const auto nothing = before.get();
  CHECK(nothing.error().kind == ErrorKind::cancelled);
  CHECK(nothing.error().spent == Spent::no);

  Bench during;
  during.http.reply_with([&](const auto&, const auto&) -> Result<net::HttpResponse> {
    during.stop.request_stop();
    return Error{ErrorKind::cancelled, "the call was cancelled"};
  });
  const auto something = during.get();
  CHECK(something.error().kind == ErrorKind::cancelled);
  CHECK(something.error().spent == Spent::unknown);
}

TEST_CASE("an answer without end is read to a limit") {
  Bench bench;
  bench.http.reply(202, std::string(1'000'000, 'x'), kPending);
  CHECK(bench.get()->id == "a25b330a71e2bc6b");
}

TEST_CASE("a wait hears the stages as they come and ends with the asset") {
  Bench bench;
  bench.events(
      "id: 1\nevent: stage_started\ndata: {\"stage\":\"stage1\"}\n\n: ping\n\n"
      "id: 2\nevent: ready\ndata: {}\n\nid: 3\nevent: webhook_dispatched\ndata: {}\n\n");
  bench.ready();
  const auto end = bench.wait();
  REQUIRE(end);
  CHECK(end->asset.is_ready);
  CHECK_FALSE(end->timed_out);
  CHECK(bench.stages == std::vector<std::string>{"The generation is queued.",
                                                 "A stage has begun: \"stage1\".",
                                                 "The video is ready."});
  CHECK(bench.url(0) == kEventsUrl);
  CHECK(bench.url(1) == kAssetUrl);
}

TEST_CASE("an event that was sent before anybody listened is made up for by a look") {
  Bench bench;
  const base::SteadyTime begun = bench.clock.now();
  bench.http.reply_with([&](const auto&, const auto&) -> Result<net::HttpResponse> {
    bench.clock.advance(15s);
    return Error{ErrorKind::interrupted, "the deadline passed"};
  });
  bench.ready();
  CHECK(bench.wait()->asset.is_ready);
  CHECK(bench.http.deadlines().at(0) == begun + motioness::kLookAgainAfter);
}

TEST_CASE("the last event and a GET that lags behind it need no second stream") {
  Bench bench;
  bench.events("event: ready\ndata: {}\n\n");
  bench.pending();
  bench.ready();
  CHECK(bench.wait()->asset.is_ready);
  CHECK(bench.http.sent().size() == 3);
  CHECK(bench.url(2).starts_with(kAssetUrl));
}

TEST_CASE("where there is no event stream, or no id for one, GETs that the service holds do") {
  Bench without;
  without.http.reply(404, R"({"error":"not found"})");
  without.pending();
  without.ready();
  CHECK(without.wait()->asset.is_ready);
  CHECK(without.url(1) == std::string(kAssetUrl) + "&wait_ms=10000");
  CHECK(without.url(2) == std::string(kAssetUrl) + "&wait_ms=10000");

  Bench nameless;
  nameless.ready();
  CHECK(nameless.wait(50s, "")->asset.is_ready);
  CHECK(nameless.url(0) == std::string(kAssetUrl) + "&wait_ms=10000");
}

TEST_CASE("a generation that fails says why, as the events did") {
  Bench bench;
  bench.events(
      "event: stage_failed\ndata: {\"error_code\":\"i2v_failed\",\"error_msg\":\"no\"}\n\n"
      "event: failed\ndata: {}\n\n");
  bench.http.reply(502, R"({"error":"last generation failed","hint":"POST /x"})");
  const auto end = bench.wait();
  REQUIRE_FALSE(end);
  CHECK(end.error().kind == ErrorKind::conflict);
  CHECK(end.error().message.find("\"i2v_failed\": \"no\"") != std::string::npos);
}

TEST_CASE("a wait goes on through failures that pass, and ends by its deadline all the same") {
  Bench bench;
  bench.http.reply(404, "{}");  // no events
  for (int i = 0; i < 200; ++i) bench.http.fail(ErrorKind::unreachable);
  const base::SteadyTime begun = bench.clock.now();
  const auto end = bench.wait(50s);
  REQUIRE(end);
  CHECK(end->timed_out);
  CHECK(end->asset.id == "a25b330a71e2bc6b");
  CHECK(bench.clock.now() - begun >= 50s);
  CHECK(bench.clock.now() - begun < 60s);
}

TEST_CASE("giving up a wait ends it at once") {
  Bench bench;
  bench.http.reply_with([&](const auto&, const auto&) -> Result<net::HttpResponse> {
    bench.stop.request_stop();
    return Error{ErrorKind::cancelled, "the call was cancelled"};
  });
  const auto end = bench.wait();
  REQUIRE_FALSE(end);
  CHECK(end.error().kind == ErrorKind::cancelled);
  CHECK(bench.http.sent().size() == 1);
}

TEST_CASE("a probe asks for what nobody has, and learns of proxy and key") {
  Bench bench;
  bench.http.reply(404, R"({"error":"not found"})");
  CHECK(bench.client.probe(bench.project, {}));
  CHECK(bench.url(0) == "https://motioness.com/v1/pk_acme/events/0000000000000000");
  bench.http.reply(403, R"({"error":"unknown project key"})");
  CHECK(bench.client.probe(bench.project, {}).error().kind == ErrorKind::unauthenticated);
  bench.http.fail(ErrorKind::unreachable);
  CHECK(bench.client.probe(bench.project, {}).error().kind == ErrorKind::unreachable);
  bench.events(": ping\n\n");
  CHECK(bench.client.probe(bench.project, {}));
}

TEST_CASE("an asset id cannot lead elsewhere") {
  Bench bench;
  for (const char* id : {"", ".", ".."}) {
    CHECK_FALSE(bench.client.events(bench.project, id));
  }
  bench.http.reply(404, "{}");
  bench.ready();
  CHECK(bench.wait(50s, "../x?y")->asset.is_ready);
  CHECK(bench.url(0) == "https://motioness.com/v1/pk_acme/events/..%2Fx%3Fy");
}
