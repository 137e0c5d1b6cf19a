// Tries to pay twice, to lose a job that was paid for, to send something else than what was given,
// and to wait longer than a caller does.
#include "motion/client.h"

#include <doctest/doctest.h>

#include "fakes/manual_clock.h"
#include "fakes/scripted_http_client.h"
#include "unit/motion/vendor_example.h"

using namespace motion_mcp;
using namespace motion_mcp::motion;
using fakes::vendor_json;
using fakes::vendor_text;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr const char* kKey = "motion_key";
constexpr const char* kJobId = "405d47cf-f72b-4852-b570-0de2446dbba1";

struct Service {
  fakes::ScriptedHttpClient http;
  fakes::ManualClock clock;
  Client client{http, clock, {}};
  std::stop_source stop;

  Result<Started> create() {
    return client.create(kKey, brief_from_json(vendor_json("create-request")), stop.get_token());
  }
  Result<Started> followup() {
    return client.followup(kKey, kJobId, brief_from_json(vendor_json("followup-request")),
                           stop.get_token());
  }
  Result<Job> get() { return client.get(kKey, kJobId, stop.get_token()); }

  void accept() { http.reply(202, vendor_text("create-response")); }
  [[nodiscard]] std::size_t requests() const { return http.sent().size(); }
  [[nodiscard]] milliseconds slept() const {
    milliseconds sum{0};
    for (const milliseconds sleep : clock.sleeps()) sum += sleep;
    return sum;
  }
};

std::string header(const net::HttpRequest& request, std::string_view name) {
  std::string values;
  for (const auto& [key, value] : request.headers) {
    if (key == name) values += "[" + value + "]";
  }
  return values;
}

}  // namespace

TEST_CASE("create sends the brief, and nothing else, to the vendor's address") {
  Service service;
  service.accept();
  const auto started = service.create();
  REQUIRE(started);
  CHECK(started->job_id == kJobId);
  const net::HttpRequest request = service.http.sent().at(0);
  CHECK(request.method == "POST");
  CHECK(request.url == "https://api.motion.so/api/motion/sessions");
  CHECK(header(request, "Authorization") == "[Bearer motion_key]");
  CHECK(header(request, "Content-Type") == "[application/json]");
  CHECK(header(request, "Accept") == "[application/json]");
  CHECK(request.headers.size() == 3);
  CHECK(request.body == vendor_json("create-request").dump());
}

TEST_CASE("followup and get name the job in the path") {
  Service service;
  service.accept();
  service.http.reply(200, vendor_text("status-completed"));
  REQUIRE(service.followup());
  const auto job = service.get();
  REQUIRE(job);
  CHECK(job->status == "completed");
  const auto sent = service.http.sent();
  const std::string url = std::string("https://api.motion.so/api/motion/sessions/") + kJobId;
  CHECK(sent.at(0).method == "POST");
  CHECK(sent.at(0).url == url + "/followups");
  CHECK(sent.at(0).body == vendor_json("followup-request").dump());
  CHECK(sent.at(1).method == "GET");
  CHECK(sent.at(1).url == url);
  CHECK(sent.at(1).body.empty());
  CHECK(header(sent.at(1), "Authorization") == "[Bearer motion_key]");
}

TEST_CASE("a base URL may end in a slash") {
  Service service;
  service.accept();
  const Client client(service.http, service.clock, {.base_url = "http://127.0.0.1:9/api/motion//"});
  REQUIRE(client.create(kKey, {}, {}));
  CHECK(service.http.sent().at(0).url == "http://127.0.0.1:9/api/motion/sessions");
}

TEST_CASE("a job_id cannot leave its place in the path") {
  Service service;
  service.http.reply(404, vendor_text("error-404"));
  CHECK_FALSE(service.client.get(kKey, "../x?a=1#b%/ä\r\n", {}));
  CHECK(service.http.sent().at(0).url ==
        "https://api.motion.so/api/motion/sessions/..%2Fx%3Fa%3D1%23b%25%2F%C3%A4%0D%0A");
  for (const char* job_id : {"", ".", ".."}) {
    const auto job = service.client.get(kKey, job_id, {});
    REQUIRE_FALSE(job);
    CHECK(job.error().kind == ErrorKind::invalid_argument);
    const auto started = service.client.followup(kKey, job_id, {}, {});
    REQUIRE_FALSE(started);
    CHECK(started.error().kind == ErrorKind::invalid_argument);
  }
  CHECK(service.requests() == 1);
}

TEST_CASE("without a Motion key nothing is sent") {
  Service service;
  for (const char* key : {"", "sk-other"}) {
    CHECK(service.client.create(key, {}, {}).error().kind == ErrorKind::no_credential);
    CHECK(service.client.followup(key, kJobId, {}, {}).error().kind == ErrorKind::no_credential);
    CHECK(service.client.get(key, kJobId, {}).error().kind == ErrorKind::no_credential);
  }
  CHECK(service.requests() == 0);
}

TEST_CASE("after any failure that may have cost money there is no second POST") {
  struct Row {
    const char* what;
    std::function<void(fakes::ScriptedHttpClient&)> script;
    ErrorKind kind;
    Spent spent;
  };
  using Http = fakes::ScriptedHttpClient;
  using K = ErrorKind;
  const Row rows[] = {
      {"reset", [](Http& h) { h.fail(K::interrupted); }, K::outcome_unknown, Spent::unknown},
      {"defect", [](Http& h) { h.fail(K::internal); }, K::outcome_unknown, Spent::unknown},
      {"cancelled", [](Http& h) { h.fail(K::cancelled); }, K::cancelled, Spent::unknown},
      {"302", [](Http& h) { h.reply(302, ""); }, K::outcome_unknown, Spent::unknown},
      {"408", [](Http& h) { h.reply(408, "{}"); }, K::outcome_unknown, Spent::unknown},
      {"500", [](Http& h) { h.reply(500, "{}"); }, K::outcome_unknown, Spent::unknown},
      {"500 that asks for a repeat",
       [](Http& h) {
         h.reply(500, "{}", {{"Retry-After", "1"}});
       },
       K::outcome_unknown, Spent::unknown},
      {"502", [](Http& h) { h.reply(502, "<html>"); }, K::outcome_unknown, Spent::unknown},
      {"503 that asks for none", [](Http& h) { h.reply(503, ""); }, K::outcome_unknown,
       Spent::unknown},
      {"504",
       [](Http& h) {
         h.reply(504, "", {{"Retry-After", "1"}});
       },
       K::outcome_unknown, Spent::unknown},
      {"2xx of HTML", [](Http& h) { h.reply(200, "<html>"); }, K::outcome_unknown, Spent::unknown},
      {"2xx without a body", [](Http& h) { h.reply(204, ""); }, K::outcome_unknown, Spent::unknown},
      {"2xx cut", [](Http& h) { h.reply(202, R"({"job_id":"405d)"); }, K::outcome_unknown,
       Spent::unknown},
      {"2xx without an id", [](Http& h) { h.reply(202, R"({"status":"queued"})"); },
       K::outcome_unknown, Spent::unknown},
      {"2xx too deep", [](Http& h) { h.reply(202, std::string(100, '[') + std::string(100, ']')); },
       K::outcome_unknown, Spent::unknown},
      {"400", [](Http& h) { h.reply(400, vendor_text("error-400")); }, K::invalid_argument,
       Spent::no},
      {"401", [](Http& h) { h.reply(401, vendor_text("error-401")); }, K::unauthenticated,
       Spent::no},
      {"402", [](Http& h) { h.reply(402, vendor_text("error-402")); }, K::insufficient_credits,
       Spent::no},
      {"413", [](Http& h) { h.reply(413, "{}"); }, K::invalid_argument, Spent::no},
      {"307", [](Http& h) { h.reply(307, ""); }, K::bad_response, Spent::no},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    for (const bool is_followup : {false, true}) {
      Service service;
      row.script(service.http);
      service.accept();
      const auto started = is_followup ? service.followup() : service.create();
      REQUIRE_FALSE(started);
      CHECK(started.error().kind == row.kind);
      CHECK(started.error().spent == row.spent);
      CHECK_FALSE(started.error().next_step.empty());
      CHECK(service.requests() == 1);
    }
  }
}

TEST_CASE("a POST that certainly was not taken is sent again") {
  using Http = fakes::ScriptedHttpClient;
  const std::function<void(Http&)> scripts[] = {
      [](Http& h) { h.fail(ErrorKind::unreachable); },
      [](Http& h) { h.reply(429, "{}"); },
      [](Http& h) {
        h.reply(429, "{}", {{"Retry-After", "3"}});
      },
      [](Http& h) {
        h.reply(503, "<html>", {{"Retry-After", "3"}});
      },
  };
  for (const auto& script : scripts) {
    for (const bool is_followup : {false, true}) {
      Service service;
      script(service.http);
      service.accept();
      CHECK((is_followup ? service.followup() : service.create()));
      CHECK(service.requests() == 2);
      const auto sent = service.http.sent();
      CHECK(sent.at(0).body == sent.at(1).body);
      CHECK(sent.at(0).url == sent.at(1).url);
    }
  }
}

TEST_CASE("a repeated POST stops at the first failure that may have cost money") {
  Service service;
  service.http.fail(ErrorKind::unreachable);
  service.http.reply(429, "{}");
  service.http.fail(ErrorKind::interrupted);
  service.accept();
  const auto started = service.create();
  REQUIRE_FALSE(started);
  CHECK(started.error().kind == ErrorKind::outcome_unknown);
  CHECK(service.requests() == 3);
}

TEST_CASE("a service that stays away gets a few tries, further and further apart") {
  Service service;
  for (int i = 0; i < 20; ++i) service.http.fail(ErrorKind::unreachable, "connection refused");
  const auto started = service.create();
  REQUIRE_FALSE(started);
  CHECK(started.error().kind == ErrorKind::unreachable);
  CHECK(started.error().spent == Spent::no);
  CHECK(started.error().message == "connection refused");
  CHECK(service.requests() == 4);
  const auto sleeps = service.clock.sleeps();
  REQUIRE(sleeps.size() == 3);
  for (std::size_t i = 0; i < sleeps.size(); ++i) {
    CHECK(sleeps[i] > milliseconds(250 << i) - milliseconds(1));
    CHECK(sleeps[i] <= milliseconds(500 << i));
  }
}

TEST_CASE("Retry-After is waited for when it fits, and handed on when it does not") {
  {
    Service service;
    service.http.reply(429, "{}", {{"Retry-After", "9"}});
    service.accept();
    CHECK(service.create());
    CHECK(service.slept() == seconds(9));
  }
  for (const int status : {429, 503}) {
    Service service;
    service.http.reply(status, "{}", {{"Retry-After", "11"}});
    service.accept();
    const auto started = service.create();
    REQUIRE_FALSE(started);
    CHECK(started.error().retry_after == seconds(11));
    CHECK(started.error().spent == Spent::no);
    CHECK(service.requests() == 1);
    CHECK(service.slept() == seconds(0));
  }
}

TEST_CASE("the waits before POSTs add up to no more than ten seconds, slow failures included") {
  Service waits;
  for (int i = 0; i < 4; ++i) waits.http.reply(429, "{}", {{"Retry-After", "4"}});
  CHECK(waits.create().error().kind == ErrorKind::rate_limited);
  CHECK(waits.requests() == 3);
  CHECK(waits.slept() == seconds(8));

  Service slow;
  slow.http.reply_with([&](const auto&, const auto&) -> Result<net::HttpResponse> {
    slow.clock.advance(seconds(10));
    return Error{ErrorKind::unreachable, "connect timed out"};
  });
  slow.accept();
  CHECK(slow.create().error().kind == ErrorKind::unreachable);
  CHECK(slow.requests() == 1);
}

TEST_CASE("Retry-After: 0 does not make a busy loop") {
  Service service;
  for (int i = 0; i < 20; ++i) service.http.reply(429, "{}", {{"Retry-After", "0"}});
  CHECK_FALSE(service.create());
  CHECK(service.requests() == 4);
  CHECK(service.slept() > milliseconds(1700));
}

TEST_CASE("a read is repeated after every failure that passes") {
  using Http = fakes::ScriptedHttpClient;
  const std::function<void(Http&)> scripts[] = {
      [](Http& h) { h.fail(ErrorKind::unreachable); },
      [](Http& h) { h.fail(ErrorKind::interrupted); },
      [](Http& h) { h.reply(429, "{}"); },
      [](Http& h) { h.reply(502, "<html>"); },
      [](Http& h) { h.reply(503, ""); },
      [](Http& h) { h.reply(504, ""); },
  };
  for (const auto& script : scripts) {
    Service service;
    script(service.http);
    script(service.http);
    service.http.reply(200, vendor_text("status-running"));
    CHECK(service.get());
    CHECK(service.requests() == 3);
  }
}

TEST_CASE("a read is not repeated when its answer would be the same") {
  for (const int status : {302, 400, 401, 402, 403, 404, 409, 500, 501}) {
    CAPTURE(status);
    Service service;
    service.http.reply(status, "{}");
    CHECK_FALSE(service.get());
    CHECK(service.requests() == 1);
  }
  for (const char* body : {"<html>", "", "{}", R"({"job_id":"j"})"}) {
    Service service;
    service.http.reply(200, body);
    const auto job = service.get();
    REQUIRE_FALSE(job);
    CHECK(job.error().kind == ErrorKind::bad_response);
    CHECK(service.requests() == 1);
  }
}

TEST_CASE("a read ends within its deadline, with the error of its last try") {
  Service service;
  service.http.reply_with([&](const auto&, const auto&) -> Result<net::HttpResponse> {
    service.clock.advance(seconds(25));
    return Error{ErrorKind::interrupted, "no answer within 25 s"};
  });
  const auto job = service.get();
  REQUIRE_FALSE(job);
  CHECK(job.error().kind == ErrorKind::interrupted);
  CHECK(job.error().next_step == "Reading costs nothing: call get_video_status again.");
  CHECK(service.requests() == 1);

  Service limited;
  limited.http.reply(429, "{}", {{"Retry-After", "20"}});
  limited.http.reply(429, "{}", {{"Retry-After", "20"}});
  const auto refused = limited.get();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::rate_limited);
  CHECK(refused.error().retry_after == seconds(20));
  CHECK(limited.requests() == 2);
}

TEST_CASE("all tries of one call share one deadline") {
  Service service;
  const auto begun = service.clock.now();
  service.http.fail(ErrorKind::unreachable);
  service.accept();
  service.http.fail(ErrorKind::unreachable);
  service.http.reply(200, vendor_text("status-running"));
  CHECK(service.create());
  const auto read_begun = service.clock.now();
  CHECK(service.get());
  const auto deadlines = service.http.deadlines();
  CHECK(deadlines.at(0) == begun + seconds(45));
  CHECK(deadlines.at(1) == begun + seconds(45));
  CHECK(deadlines.at(2) == read_begun + seconds(25));
  CHECK(deadlines.at(3) == read_begun + seconds(25));
}

TEST_CASE("a call that nobody wants any more sends nothing and costs nothing") {
  Service service;
  service.stop.request_stop();
  for (const Error& error :
       {service.create().error(), service.followup().error(), service.get().error()}) {
    CHECK(error.kind == ErrorKind::cancelled);
    CHECK(error.spent == Spent::no);
  }
  CHECK(service.requests() == 0);
}

TEST_CASE("a stop while waiting for the next try costs nothing") {
  Service service;
  service.http.reply_with([&](const auto&, const auto&) -> Result<net::HttpResponse> {
    service.stop.request_stop();
    return Error{ErrorKind::unreachable, "refused"};
  });
  service.accept();
  const auto started = service.create();
  REQUIRE_FALSE(started);
  CHECK(started.error().kind == ErrorKind::cancelled);
  CHECK(started.error().spent == Spent::no);
  CHECK(service.requests() == 1);
}

TEST_CASE("an id that arrives as the call is cancelled is not thrown away") {
  Service service;
  service.http.reply_with([&](const auto&, const auto&) -> Result<net::HttpResponse> {
    service.stop.request_stop();
    return net::HttpResponse{202, {}, vendor_text("create-response")};
  });
  const auto started = service.create();
  REQUIRE(started);
  CHECK(started->job_id == kJobId);
}

TEST_CASE("a POST under way outlasts its caller, a read does not") {
  Service service;
  const auto answer = [&](const auto&, const std::stop_token& abort) -> Result<net::HttpResponse> {
    service.stop.request_stop();
    if (abort.stop_requested()) return Error{ErrorKind::cancelled, "cut"};
    return net::HttpResponse{202, {}, vendor_text("create-response")};
  };
  for (int i = 0; i < 3; ++i) service.http.reply_with(answer);
  CHECK(service.create());
  service.stop = {};
  CHECK(service.followup());
  service.stop = {};
  const auto job = service.get();
  REQUIRE_FALSE(job);
  CHECK(job.error().kind == ErrorKind::cancelled);
}

TEST_CASE("the end of the process breaks a POST off, which may have been taken") {
  Service service;
  std::stop_source ending;
  service.http.reply_with([&](const auto&, const std::stop_token& abort) {
    ending.request_stop();
    CHECK(abort.stop_requested());
    return Result<net::HttpResponse>(Error{ErrorKind::cancelled, "cut"});
  });
  const auto started =
      service.client.create(kKey, {}, service.stop.get_token(), ending.get_token());
  REQUIRE_FALSE(started);
  CHECK(started.error().kind == ErrorKind::cancelled);
  CHECK(started.error().spent == Spent::unknown);
}

TEST_CASE("no error of any kind holds the key") {
  for (const int status : {200, 302, 400, 401, 402, 403, 404, 409, 429, 500, 503}) {
    const std::string key = "motion_0123456789abcdef";
    Service service;
    for (int i = 0; i < 4; ++i) service.http.reply(status, R"({"error":"key )" + key + R"( bad"})");
    const auto started = service.client.create(key, {}, {});
    REQUIRE_FALSE(started);
    CHECK((started.error().message + started.error().next_step).find("0123456789") ==
          std::string::npos);
  }
}
