// Who may do what, what it costs, and which case refuses: a test that counts charges is worth what
// this ledger is worth.
#include "sandbox/motion_api.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "sandbox/cases.h"
#include "unit/sandbox/driver.h"

using namespace motion_mcp;
using namespace motion_mcp::sandbox;

namespace {

int status_with(Driver& driver, std::optional<std::string> authorization) {
  return driver.sandbox
      .handle({"GET", std::string(kSessionsPath) + "/x", std::move(authorization), {}, {}, {}, {}})
      .status;
}

std::string totals(Driver& driver) {
  return driver.ledger().at("totals").dump();
}

}  // namespace

TEST_CASE("a key is a bearer token that starts with motion_, anything else is a 401") {
  Driver driver;
  CHECK(status_with(driver, "Bearer motion_k") == 404);
  CHECK(status_with(driver, "bearer motion_k") == 404);
  CHECK(status_with(driver, std::nullopt) == 401);
  CHECK(status_with(driver, "") == 401);
  CHECK(status_with(driver, "Bearer ") == 401);
  CHECK(status_with(driver, "Bearer motion_") == 401);
  CHECK(status_with(driver, "Bearer sk_live_1") == 401);
  CHECK(status_with(driver, "Basic motion_k") == 401);
  CHECK(status_with(driver, "motion_k") == 401);
}

TEST_CASE("another key's job is unknown, to read and to follow up") {
  Driver driver;
  const std::string job_id = driver.start("a film");
  driver.finish(job_id);
  driver.key = "motion_other";
  CHECK(driver.get(job_id).status == 404);
  CHECK(driver.follow_up(job_id, "faster").status == 404);
  driver.key = "motion_test_key";
  CHECK(driver.get(job_id).status == 200);
}

TEST_CASE("job ids are compared without regard to case, and everything else is no job") {
  Driver driver;
  std::string job_id = driver.start("a film");
  for (char& c : job_id) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  CHECK(driver.get(job_id).status == 200);
  CHECK(driver.get("").status == 404);
  CHECK(driver.get(job_id + "/").status == 404);
  CHECK(driver.get("../sessions").status == 404);
}

TEST_CASE("unknown paths are a 404, other methods a 405 that names the right ones") {
  Driver driver;
  const std::string job = Driver::job_path(driver.start("a film"));
  CHECK(driver.send("GET", "/api/motion/credits").status == 404);
  CHECK(driver.send("GET", "/").status == 404);
  CHECK(driver.send("POST", "/api/motion/sessionsx", R"({"prompt":"x"})").status == 404);
  struct Row {
    const char* method;
    std::string target;
    const char* allowed;
  };
  for (const Row& row :
       {Row{"GET", std::string(kSessionsPath), "POST"}, Row{"DELETE", job, "GET, HEAD"},
        Row{"GET", job + "/followups", "POST"}, Row{"POST", "/_sandbox/ledger", "GET, HEAD"}}) {
    CAPTURE(row.target);
    const Reply reply = driver.send(row.method, row.target);
    CHECK(reply.status == 405);
    REQUIRE(reply.headers.size() == 1);
    CHECK(reply.headers[0] == std::pair<std::string, std::string>("Allow", row.allowed));
  }
}

TEST_CASE(
    "a followup needs a completed job, and counts as running from the moment it is accepted") {
  Driver driver;
  const std::string job_id = driver.start("a film");
  CHECK(Driver::json(driver.follow_up(job_id, "faster")).at("status") == "queued");
  driver.clock.advance(std::chrono::seconds(555));
  REQUIRE(driver.status(job_id).at("output").at("status") == "pending");
  CHECK(driver.follow_up(job_id, "faster").status == 202);
  REQUIRE(driver.status(job_id).at("status") == "completed");
  const Reply again = driver.follow_up(job_id, "faster still");
  CHECK(again.status == 409);
  CHECK(Driver::json(again).at("status") == "queued");
  CHECK(totals(driver) == R"({"charges":2,"creates":1,"followups":1,"credits":350,"posts":4})");
}

TEST_CASE("what was read tells how often, how closely, and when the end was first seen") {
  Driver driver;
  const std::string job_id = driver.start("a film");
  const auto reads = [&] { return Driver::json(driver.send("GET", "/_sandbox/reads")).at("jobs"); };
  CHECK(reads() == Json::array());
  driver.status(job_id);
  Json expected = {
      {"job_id", job_id}, {"reads", 1}, {"shortest_pause_ms", nullptr}, {"end_seen_at", nullptr}};
  CHECK(reads() == Json::array({expected}));

  driver.clock.advance(std::chrono::milliseconds(1500));
  driver.status(job_id);
  driver.finish(job_id);
  const std::string seen = base::to_rfc3339(driver.clock.wall());
  driver.clock.advance(std::chrono::seconds(2));
  driver.status(job_id);
  expected = {{"job_id", job_id}, {"reads", 4}, {"shortest_pause_ms", 1500}, {"end_seen_at", seen}};
  CHECK(reads() == Json::array({expected}));
}

TEST_CASE("the ledger tells what was charged, to whom and when, and never shows a key") {
  Driver driver;
  const std::string job_id = driver.start(std::string(200, 'p'));
  driver.finish(job_id);
  REQUIRE(driver.follow_up(job_id, "faster").status == 202);
  const Json ledger = driver.ledger();
  REQUIRE(ledger.at("charges").size() == 2);
  const Json& create = ledger.at("charges")[0];
  CHECK(create.at("job_id") == job_id);
  CHECK(create.at("kind") == "create");
  CHECK(create.at("owner").get<std::string>().size() == 64);
  CHECK(create.at("prompt") == std::string(80, 'p') + "…");
  CHECK(create.at("credits") == 200);
  CHECK(create.at("at") == "2026-04-28T23:01:04.000Z");
  CHECK(ledger.at("charges")[1].at("kind") == "followup");
  CHECK(ledger.at("charges")[1].at("at") == "2026-04-28T23:11:04.000Z");
  CHECK(ledger.dump().find("motion_test_key") == std::string::npos);
}

TEST_CASE("refusing cases charge nothing and make no job") {
  struct Row {
    const char* prompt;
    int status;
    const char* error;
  };
  for (const Row& row : {Row{"sandbox:no-credits", 402, "insufficient_credits"},
                         Row{"sandbox:pro-feature", 403, "motion_pro_feature_required"},
                         Row{"sandbox:error-500", 500, "Internal server error"}}) {
    CAPTURE(row.prompt);
    Driver driver;
    const Reply reply = driver.create(row.prompt);
    CHECK(reply.status == row.status);
    CHECK(Driver::json(reply).at("error") == row.error);
    CHECK(totals(driver) == R"({"charges":0,"creates":0,"followups":0,"credits":0,"posts":1})");
  }
}

TEST_CASE(
    "sandbox:rate-limit refuses once with Retry-After, accepts the repeat, then starts over") {
  Driver driver;
  const Reply refused = driver.create("sandbox:rate-limit");
  CHECK(refused.status == 429);
  REQUIRE(refused.headers.size() == 1);
  CHECK(refused.headers[0] == std::pair<std::string, std::string>("Retry-After", "1"));
  CHECK(driver.create("sandbox:rate-limit and another prompt").status == 429);

  const Reply accepted = driver.create("sandbox:rate-limit");
  CHECK(accepted.status == 202);
  CHECK(driver.create("sandbox:rate-limit").status == 429);
  CHECK(driver.finish(Driver::json(accepted).at("job_id")).at("output").at("status") ==
        "completed");
}

TEST_CASE("sandbox:charge-then-500 hides a job that runs and is charged") {
  Driver driver;
  CHECK(driver.create("sandbox:charge-then-500").status == 500);
  const Json ledger = driver.ledger();
  REQUIRE(ledger.at("charges").size() == 1);
  const std::string job_id = ledger.at("charges")[0].at("job_id");
  CHECK(driver.finish(job_id).at("output").at("status") == "completed");

  CHECK(driver.follow_up(job_id, "sandbox:charge-then-500").status == 500);
  CHECK(driver.ledger().at("totals").at("followups") == 1);
  driver.clock.advance(std::chrono::minutes(1));
  CHECK(driver.status(job_id).at("status") == "running");
}

TEST_CASE("every case is described, one line each") {
  const std::string text = describe_cases();
  CHECK(std::count(text.begin(), text.end(), '\n') == 12);
  CHECK(text.find("  sandbox:charge-then-500   500, yet") != std::string::npos);
}

TEST_CASE("an upload is a source for every attachment") {
  Driver driver;
  const Json accepted = Driver::json(driver.create(
      {{"prompt", "a film"},
       {"attachments",
        Json::array({{{"url", "https://cdn.example.com/a.png"}, {"name", "A"}, {"type", "image"}},
                     {{"url", "https://cdn.example.com/b"}}})}}));
  const Json sources = driver.finish(accepted.at("job_id")).at("sources");
  REQUIRE(sources.size() == 5);
  CHECK(sources[3].at("source_kind") == "upload");
  CHECK(sources[3].at("title") == "A");
  CHECK(sources[3].at("source_domain") == "cdn.example.com");
  CHECK(sources[4].at("title").is_null());
  CHECK(sources[4].at("media_type") == "file");
}
