// The sandbox stands where the Motioness proxy stands: the headers and bodies of the vendor's page,
// a signature that is really checked, one generation per asset, and events that can be resumed.
#include <doctest/doctest.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>

#include "base/hmac.h"
#include "unit/sandbox/driver.h"

using namespace motion_mcp;
using namespace motion_mcp::sandbox;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kRoot = "/motioness/v1/";
constexpr std::string_view kHero = "pk_acme/cdn.acme.com/hero.png.mp4";

struct Proxy : Driver {
  using Driver::Driver;

  Reply get(std::string_view path) { return send("GET", std::string(kRoot) + std::string(path)); }
  Json generations() { return json(send("GET", "/_sandbox/motioness")).at("generations"); }
};

std::string header(const Reply& reply, std::string_view name) {
  for (const auto& [key, value] : reply.headers) {
    if (key == name) return value;
  }
  return {};
}

Json vendor(const std::string& name) {
  std::ifstream file(MOTION_MCP_SOURCE_DIR "/tests/fixtures/vendor/motioness-" + name + ".json");
  REQUIRE_MESSAGE(file.is_open(), name);
  return Json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

std::string error_of(const Reply& reply) {
  return Driver::json(reply).at("error");
}

// printf %s https://cdn.acme.com/hero.png | openssl base64 -A | tr '+/' '-_' | tr -d =
constexpr std::string_view kSignedHero = "pk_signed_acme/aHR0cHM6Ly9jZG4uYWNtZS5jb20vaGVyby5wbmc";

std::string signed_path(std::int64_t expiry, std::string_view format = ".mp4") {
  const std::string exp = std::to_string(expiry);
  const std::string message = "pk_signed_acme:https://cdn.acme.com/hero.png:" + exp;
  return std::string(kSignedHero) + std::string(format) + "?exp=" + exp +
         "&sig=" + base::hmac_sha256_hex(kSandboxSigningSecret, message);
}

std::string read_events(Reply& reply, int pieces) {
  std::string text;
  for (int i = 0; i < pieces; ++i) {
    const auto piece = reply.stream({});
    if (!piece) return text + "END";
    text += *piece;
  }
  return text;
}

}  // namespace

TEST_CASE("the first GET of a video is answered as the vendor's page has it") {
  Proxy proxy;
  const Reply reply = proxy.get(kHero);
  CHECK(reply.status == 202);
  CHECK(header(reply, "Retry-After") == "30");
  CHECK(header(reply, "X-Motioness-Stage") == "queued");
  CHECK(header(reply, "X-Motioness-Eta-Ms") == "28000");
  CHECK(header(reply, "X-Motioness-Asset-Id").size() == 16);
  CHECK(header(reply, "Access-Control-Allow-Origin") == "*");
  const Json body = Driver::json(reply);
  const Json example = vendor("202");
  CHECK(body.at("status") == example.at("status"));
  CHECK(body.at("eta_seconds") == example.at("eta_seconds"));
  CHECK(body.at("asset_id") == header(reply, "X-Motioness-Asset-Id"));
  CHECK(body.size() == example.size());
}

TEST_CASE("a video passes its stages and is served with its headers") {
  Proxy proxy;
  const std::string id = header(proxy.get(kHero), "X-Motioness-Asset-Id");
  struct Step {
    std::chrono::seconds after;
    const char* stage;
  };
  for (const Step& step :
       {Step{1s, "vision"}, Step{5s, "stage1"}, Step{10s, "stage2"}, Step{8s, "merge"}}) {
    proxy.clock.advance(step.after);
    CHECK(header(proxy.get(kHero), "X-Motioness-Stage") == step.stage);
  }
  proxy.clock.advance(4s);
  const Reply ready = proxy.get(kHero);
  CHECK(ready.status == 200);
  CHECK(ready.content_type == "video/mp4");
  CHECK(header(ready, "X-Motioness-Asset-Id") == id);
  CHECK(header(ready, "X-Motioness-Stage") == "ready");
  CHECK(header(ready, "X-Motioness-Loop") == "native");
  CHECK(header(ready, "Cache-Control") == "public, max-age=31536000, immutable");
  CHECK(ready.body.substr(4, 4) == "ftyp");
}

TEST_CASE("a poster is there at once and starts nothing") {
  Proxy proxy;
  const Reply poster = proxy.get("pk_acme/cdn.acme.com/hero.png.jpg");
  CHECK(poster.status == 200);
  CHECK(poster.content_type == "image/jpeg");
  CHECK(poster.body.starts_with("\xFF\xD8\xFF"));
  CHECK(proxy.generations().empty());
}

TEST_CASE("identical GETs are one generation, whatever their wait; other settings are another") {
  Proxy proxy;
  proxy.get(kHero);
  proxy.get(std::string(kHero) + "?wait_ms=5");
  CHECK(proxy.generations().size() == 1);
  int expected = 1;
  for (const char* query : {"?motion=subtle", "?mode=loop", "?dur=2", "?prompt=x", "?seed=1",
                            "?aspect=1:1", "?idem=1"}) {
    proxy.get(std::string(kHero) + query);
    CHECK_MESSAGE(proxy.generations().size() == ++expected, query);
  }
  proxy.get("pk_other/cdn.acme.com/hero.png.mp4");
  CHECK(proxy.generations().size() == ++expected);
}

TEST_CASE("a request is held until the video is ready, for wait_ms at most") {
  Proxy proxy;
  const auto begun = proxy.clock.now();
  CHECK(proxy.get(std::string(kHero) + "?wait_ms=10000").status == 202);
  CHECK(proxy.clock.now() - begun == 10s);
  proxy.clock.advance(17s);
  CHECK(proxy.get(std::string(kHero) + "?wait_ms=10000").status == 200);
  CHECK(proxy.clock.now() - begun < 29s);
}

TEST_CASE("the signature is checked: source, expiry and project, and nothing else") {
  Proxy proxy;
  const std::int64_t now =
      std::chrono::floor<std::chrono::seconds>(proxy.clock.wall().time_since_epoch()).count();
  CHECK(proxy.get(signed_path(now + 60)).status == 202);
  CHECK(proxy.get(signed_path(now)).status == 202);
  CHECK(proxy.get(signed_path(now + 60) + "&dur=3").status == 202);
  CHECK(proxy.get(signed_path(now + 60, ".jpg")).status == 200);

  const std::string invalid = vendor("403-signature").at("error");
  CHECK(error_of(proxy.get(signed_path(now - 1))) == invalid);
  std::string tampered = signed_path(now + 60);
  tampered.back() = tampered.back() == '0' ? '1' : '0';
  CHECK(error_of(proxy.get(tampered)) == invalid);
  std::string longer = signed_path(now + 60);
  longer.replace(longer.find("exp=") + 4, 1, "9");
  CHECK(error_of(proxy.get(longer)) == invalid);
  std::string other = signed_path(now + 60);
  other.replace(other.find("pk_signed_acme"), 14, "pk_signed_evil");
  CHECK(error_of(proxy.get(other)) == invalid);
  const std::string missing = vendor("403-signing").at("error");
  CHECK(error_of(proxy.get(std::string(kSignedHero) + ".mp4")) == missing);
  CHECK(error_of(proxy.get("pk_signed_acme/cdn.acme.com/hero.png.mp4")) == missing);
  CHECK(error_of(proxy.get(std::string(kHero) + "?sig=ab&exp=1")) == missing);
}

TEST_CASE("what is refused is refused in the vendor's words") {
  Proxy proxy;
  struct Row {
    std::string path;
    int status;
    const char* example;
  };
  const std::string hero(kHero);
  for (const Row& row : {Row{"nokey/cdn.acme.com/hero.png.mp4", 403, "403-project"},
                         Row{hero + "?prompt=sandbox:origin", 403, "403-origin"},
                         Row{"pk_acme/cdn.acme.com/logo.svg.mp4", 415, "415"},
                         Row{hero + "?prompt=sandbox:too-large", 413, "413"},
                         Row{hero + "?prompt=sandbox:quota", 429, "429"}}) {
    CAPTURE(row.path);
    const Reply reply = proxy.get(row.path);
    CHECK(reply.status == row.status);
    CHECK(Driver::json(reply) == vendor(row.example));
  }
  CHECK(proxy.generations().empty());
}

TEST_CASE("a malformed URL is refused") {
  Proxy proxy;
  const std::string hero(kHero);
  for (const char* query : {"?motion=fast", "?mode=x", "?dur=1", "?dur=9", "?dur=2.5", "?seed=x",
                            "?aspect=4:3", "?wait_ms=10001", "?wait_ms=-1"}) {
    CHECK_MESSAGE(proxy.get(hero + query).status == 400, query);
  }
  CHECK(proxy.get(hero + "?prompt=" + std::string(500, 'x')).status == 202);
  CHECK(proxy.get(hero + "?prompt=" + std::string(501, 'x')).status == 400);
  CHECK(proxy.get("pk_acme/" + std::string(5000, 'a') + ".mp4").status == 400);
  CHECK(proxy.get("pk_acme/h.example/a.gif").status == 404);
  CHECK(proxy.get("pk_acme/.mp4").status == 404);
  CHECK(proxy.send("POST", std::string(kRoot) + hero).status == 405);
}

TEST_CASE("a rate limit passes, a failed generation does not") {
  Proxy proxy;
  const std::string limited = std::string(kHero) + "?prompt=sandbox:rate-limit";
  const Reply first = proxy.get(limited);
  CHECK(first.status == 429);
  CHECK(header(first, "Retry-After") == "1");
  CHECK(Driver::json(first).at("retry_after_ms") == 1000);
  CHECK(proxy.get(limited).status == 202);

  const std::string failing = std::string(kHero) + "?prompt=sandbox:fail";
  const std::string id = header(proxy.get(failing), "X-Motioness-Asset-Id");
  proxy.clock.advance(16s);
  const Reply failed = proxy.get(failing);
  CHECK(failed.status == 502);
  CHECK(error_of(failed) == vendor("502").at("error"));
  CHECK(Driver::json(failed).at("hint") == "POST /api/v1/regenerate/" + id);
}

TEST_CASE("events come when they happen, and end with the asset") {
  Proxy proxy;
  const std::string id = header(proxy.get(kHero), "X-Motioness-Asset-Id");
  Reply events = proxy.get("pk_acme/events/" + id);
  CHECK(events.status == 200);
  CHECK(events.content_type == "text/event-stream");
  const auto begun = proxy.clock.now();
  const std::string text = read_events(events, 100);
  CHECK(text.starts_with("id: 1777417264000\nevent: queued\ndata: {"));
  CHECK(text.find("event: vision_started\n") != std::string::npos);
  CHECK(text.find("\n\n: ping\n\n") != std::string::npos);
  CHECK(text.find("event: ready\n") != std::string::npos);
  CHECK(text.ends_with("\n\nEND"));
  CHECK(proxy.clock.now() - begun == 28s);
}

TEST_CASE("Last-Event-ID brings what was missed, and a late listener hears nothing of the past") {
  Proxy proxy;
  const std::string id = header(proxy.get(kHero), "X-Motioness-Asset-Id");
  proxy.clock.advance(26s);
  Request request{"GET", std::string(kRoot) + "pk_acme/events/" + id, {}, {}, {}, {}, {}};
  request.last_event_id = "1777417270001";  // stage_started at 6 s, the second of that time
  Reply resumed = proxy.sandbox.handle(request);
  CHECK(read_events(resumed, 1).find("event: stage_completed\n") != std::string::npos);
  Reply late = proxy.get("pk_acme/events/" + id);
  CHECK(read_events(late, 1).find("\"stage\":\"merge\"") != std::string::npos);
  proxy.clock.advance(60s);
  Reply over = proxy.get("pk_acme/events/" + id);
  CHECK(read_events(over, 1) == "END");
}

TEST_CASE("a connection lives five minutes at most, and pings meanwhile") {
  Proxy proxy;
  const std::string id =
      header(proxy.get(std::string(kHero) + "?prompt=sandbox:stuck"), "X-Motioness-Asset-Id");
  proxy.clock.advance(10s);
  const auto begun = proxy.clock.now();
  Reply events = proxy.get("pk_acme/events/" + id);
  const std::string text = read_events(events, 100);
  CHECK(text.starts_with(": ping\n\n: ping\n\n"));
  CHECK(text.ends_with("END"));
  CHECK(proxy.clock.now() - begun == 300s);
}

TEST_CASE("a stop ends what is held and what is streamed") {
  Proxy proxy;
  const std::string id = header(proxy.get(kHero), "X-Motioness-Asset-Id");
  std::stop_source stop;
  stop.request_stop();
  Reply events = proxy.get("pk_acme/events/" + id);
  CHECK_FALSE(events.stream(stop.get_token()));
  const auto begun = proxy.clock.now();
  const Request held{
      "GET", std::string(kRoot) + std::string(kHero) + "?wait_ms=9000", {}, {}, {}, {}, {}};
  CHECK(proxy.sandbox.handle(held, stop.get_token()).status == 202);
  CHECK(proxy.clock.now() == begun);
}

TEST_CASE("events of an unknown asset, or another project's, are not found") {
  Proxy proxy;
  const std::string id = header(proxy.get(kHero), "X-Motioness-Asset-Id");
  CHECK(proxy.get("pk_other/events/" + id).status == 404);
  CHECK(proxy.get("pk_acme/events/0000000000000000").status == 404);
  const std::string quiet =
      header(proxy.get(std::string(kHero) + "?prompt=sandbox:no-events"), "X-Motioness-Asset-Id");
  CHECK(proxy.get("pk_acme/events/" + quiet).status == 404);
}

TEST_CASE("headers mean what the parameters do, and a request id comes back when it may") {
  Proxy proxy;
  Request request{"GET", std::string(kRoot) + std::string(kHero), {}, {}, {}, {}, {}};
  request.idempotency_key = "again";
  request.request_id = "abc_123";
  const Reply reply = proxy.sandbox.handle(request);
  CHECK(header(reply, "X-Request-Id") == "abc_123");
  proxy.get(std::string(kHero) + "?idem=again");
  CHECK(proxy.generations().size() == 1);
  request.request_id = "no spaces";
  CHECK(header(proxy.sandbox.handle(request), "X-Request-Id").starts_with("req_"));
}
