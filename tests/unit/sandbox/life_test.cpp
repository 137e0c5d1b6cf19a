// The stages of a job are what callers wait for: none may be skipped, come in another order or show
// a file that is not there; after a followup the old video must still show for a moment.
#include "sandbox/life.h"

#include <string>
#include <vector>

#include "unit/sandbox/driver.h"

using namespace motion_mcp;
using namespace motion_mcp::sandbox;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

// "completed/pending"; "running/-" while output is null.
std::string stage(const Json& job) {
  const Json& output = job.at("output");
  const std::string status = job.at("status");
  return status + "/" + (output.is_null() ? "-" : output.at("status").get<std::string>());
}

// The stages a job goes through in the next `for_seconds`, each once.
std::vector<std::string> stages(Driver& driver, const std::string& job_id, int for_seconds) {
  std::vector<std::string> seen;
  for (int i = 0; i <= for_seconds; ++i) {
    const std::string now = stage(driver.status(job_id));
    if (seen.empty() || seen.back() != now) seen.push_back(now);
    driver.clock.advance(seconds(1));
  }
  return seen;
}

std::vector<std::string> stages_of(std::string_view prompt, int for_seconds = 700) {
  Driver driver;
  return stages(driver, driver.start(prompt), for_seconds);
}

using Stages = std::vector<std::string>;

}  // namespace

TEST_CASE("a job passes every documented stage in order, and its file comes last") {
  CHECK(stages_of("a film") == Stages{"queued/-", "created/-", "running/-", "completed/pending",
                                      "completed/queued", "completed/processing",
                                      "completed/completed"});
}

TEST_CASE("until the file is there nothing points to it, and no source shows before the end") {
  Driver driver;
  const std::string job_id = driver.start("a film");
  for (int i = 0; i < 600; ++i) {
    const Json job = driver.status(job_id);
    if (job.at("completed_at").is_null()) {
      CHECK(job.at("output").is_null());
      CHECK(job.at("sources").empty());
    } else {
      CHECK(job.at("output").at("download_url").is_null());
      CHECK(job.at("output").at("expires_at").is_null());
    }
    driver.clock.advance(seconds(1));
  }
  CHECK(driver.status(job_id).at("output").at("download_url").is_string());
}

TEST_CASE("speed scales everything: at 100 a job takes six seconds") {
  Driver driver(100);
  const std::string job_id = driver.start("a film");
  driver.clock.advance(milliseconds(5999));
  CHECK(stage(driver.status(job_id)) == "completed/processing");
  driver.clock.advance(milliseconds(1));
  const Json job = driver.status(job_id);
  CHECK(stage(job) == "completed/completed");
  CHECK(job.at("created_at") == "2026-04-28T23:01:04.000Z");
  CHECK(job.at("completed_at") == "2026-04-28T23:01:09.550Z");
  CHECK(job.at("output").at("completed_at") == "2026-04-28T23:01:10.000Z");
}

TEST_CASE("updated_at is when the stage began, and moves with every renewed link") {
  Driver driver;
  const std::string job_id = driver.start("a film");
  driver.clock.advance(minutes(5));
  CHECK(driver.status(job_id).at("updated_at") == "2026-04-28T23:01:49.000Z");
  const Json first = driver.finish(job_id);
  driver.clock.advance(minutes(50));
  const Json later = driver.status(job_id);
  CHECK(first.at("output").at("expires_at") == "2026-04-29T00:16:04.000Z");
  CHECK(later.at("output").at("expires_at") == "2026-04-29T01:06:04.000Z");
  CHECK(later.at("output").at("download_url") != first.at("output").at("download_url"));
  CHECK(later.at("output").at("completed_at") == first.at("output").at("completed_at"));
  CHECK(later.at("completed_at") == first.at("completed_at"));
}

TEST_CASE(
    "right after a followup the old video still shows, then it is gone, then the new one comes") {
  Driver driver;
  const std::string job_id = driver.start("a film");
  const Json before = driver.finish(job_id);
  REQUIRE(driver.follow_up(job_id, "faster").status == 202);

  const Json stale = driver.status(job_id);
  CHECK(stage(stale) == "completed/completed");
  CHECK(stale == before);

  CHECK(stages(driver, job_id, 700) == Stages{"completed/completed", "created/-", "running/-",
                                              "completed/pending", "completed/queued",
                                              "completed/processing", "completed/completed"});
  const Json after = driver.status(job_id);
  CHECK(after.at("created_at") == before.at("created_at"));
  CHECK(after.at("completed_at") != before.at("completed_at"));
  CHECK(after.at("output").at("completed_at") != before.at("output").at("completed_at"));
  CHECK(after.at("output").at("download_url") != before.at("output").at("download_url"));
}

TEST_CASE("sandbox:fail ends in failed with a text, credits-run-out with an object") {
  for (const char* prompt : {"sandbox:fail", "sandbox:credits-run-out in the middle"}) {
    Driver driver;
    const std::string job_id = driver.start(prompt);
    CHECK(stages(driver, job_id, 700) == Stages{"queued/-", "created/-", "running/-", "failed/-"});
    const Json job = driver.status(job_id);
    CHECK(job.at("completed_at").is_null());
    CHECK(job.at("error").is_string() == (prompt == std::string_view("sandbox:fail")));
    CHECK(job.at("error").is_null() == false);
    CHECK(driver.follow_up(job_id, "again").status == 409);
  }
}

TEST_CASE("sandbox:output-fail completes the job and fails its file") {
  Driver driver;
  const std::string job_id = driver.start("sandbox:output-fail");
  CHECK(stages(driver, job_id, 700).back() == "completed/failed");
  const Json output = driver.status(job_id).at("output");
  CHECK(output.at("download_url").is_null());
  CHECK(output.at("error").is_string());
}

TEST_CASE("sandbox:await-input waits for a person, sandbox:stuck for nobody, both for good") {
  Driver driver;
  const std::string waiting = driver.start("sandbox:await-input");
  const std::string stuck = driver.start("sandbox:stuck");
  CHECK_FALSE(driver.status(waiting).at("pending_user_input").get<bool>());
  driver.clock.advance(std::chrono::hours(100));
  CHECK(stage(driver.status(waiting)) == "awaiting_user_input/-");
  CHECK(driver.status(waiting).at("pending_user_input").get<bool>());
  CHECK(stage(driver.status(stuck)) == "running/-");
}

TEST_CASE("sandbox:slow takes ten times as long") {
  Driver driver;
  const std::string job_id = driver.start("sandbox:slow");
  driver.clock.advance(seconds(5999));
  CHECK(stage(driver.status(job_id)) == "completed/processing");
  driver.clock.advance(seconds(1));
  CHECK(stage(driver.status(job_id)) == "completed/completed");
}

TEST_CASE("sandbox:unknown-status shows words that nobody documented, then completes") {
  CHECK(stages_of("sandbox:unknown-status") ==
        Stages{"queued/-", "created/-", "running/-", "storyboarding/-", "completed/pending",
               "completed/transcoding", "completed/completed"});
}

TEST_CASE("a case works in a followup as in a create") {
  Driver driver;
  const std::string job_id = driver.start("a film");
  driver.finish(job_id);
  REQUIRE(driver.follow_up(job_id, "sandbox:output-fail please").status == 202);
  CHECK(stage(driver.finish(job_id)) == "completed/failed");
  REQUIRE(driver.follow_up(job_id, "now well").status == 202);
  CHECK(stage(driver.finish(job_id)) == "completed/completed");
}
