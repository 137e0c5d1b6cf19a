// Tries to make a job look older than its run, a link look alive or dead against the clock, and a
// followup in doubt hang for ever.
#include "jobs/job_view.h"

#include <doctest/doctest.h>

using namespace motion_mcp;
using jobs::Followup;
using jobs::FollowupDoubt;
using jobs::view_of;
using motion::Stage;
using std::chrono::seconds;

namespace {

base::WallTime at(const char* text) {
  return *base::parse_rfc3339(text);
}

constexpr const char* kCreated = "2026-04-28T23:00:00Z";
constexpr const char* kRendered = "2026-04-28T23:06:00Z";

motion::Job job(const char* status) {
  motion::Job result;
  result.job_id = "405d47cf-f72b-4852-b570-0de2446dbba1";
  result.status = status;
  result.created_at = kCreated;
  result.sources = Json::array();
  return result;
}

motion::Job completed() {
  motion::Job result = job("completed");
  result.completed_at = "2026-04-28T23:05:00Z";
  result.output =
      motion::Output{"completed", "https://e.com/a", "2026-04-29T00:06:00Z", kRendered, {}};
  return result;
}

Followup sent_at(const char* time, bool accepted) {
  return {motion::baseline_of(completed()), at(time), accepted};
}

}  // namespace

TEST_CASE("a job's age counts from its creation, or from its last followup") {
  CHECK(view_of(job("running"), {}, at("2026-04-28T23:00:40Z")).age == seconds(40));
  CHECK(view_of(job("running"), sent_at("2026-04-28T23:10:00Z", true), at("2026-04-28T23:10:05Z"))
            .age == seconds(5));
}

TEST_CASE("a clock that runs behind makes no negative age, and no moment makes none") {
  CHECK(view_of(job("running"), {}, at("2026-04-28T22:00:00Z")).age == seconds(0));
  motion::Job timeless = job("running");
  timeless.created_at.reset();
  CHECK(view_of(timeless, {}, at(kCreated)).age == std::nullopt);
  timeless.created_at = "yesterday";
  CHECK(view_of(timeless, {}, at(kCreated)).age == std::nullopt);
}

TEST_CASE("a link is expired from the moment that it names") {
  CHECK(!view_of(completed(), {}, at("2026-04-29T00:05:59Z")).link_expired);
  CHECK(view_of(completed(), {}, at("2026-04-29T00:06:00Z")).link_expired);
  motion::Job timeless = completed();
  timeless.output->expires_at.reset();
  CHECK(!view_of(timeless, {}, at("2036-01-01T00:00:00Z")).link_expired);
}

TEST_CASE("a followup in doubt hides the previous video for two minutes, an accepted one always") {
  struct Row {
    bool accepted;
    const char* now;
    Stage stage;
    FollowupDoubt doubt;
  };
  for (const Row& row :
       {Row{true, "2026-04-28T23:10:00Z", Stage::previous_output, FollowupDoubt::none},
        Row{true, "2026-04-29T03:00:00Z", Stage::previous_output, FollowupDoubt::none},
        Row{false, "2026-04-28T23:10:00Z", Stage::previous_output, FollowupDoubt::open},
        Row{false, "2026-04-28T23:11:59Z", Stage::previous_output, FollowupDoubt::open},
        Row{false, "2026-04-28T23:12:00Z", Stage::ready, FollowupDoubt::not_taken}}) {
    CAPTURE(row.now);
    const auto view =
        view_of(completed(), sent_at("2026-04-28T23:10:00Z", row.accepted), at(row.now));
    CHECK(view.stage == row.stage);
    CHECK(view.doubt == row.doubt);
  }
}

TEST_CASE("a new video ends the doubt") {
  motion::Job revised = completed();
  revised.completed_at = "2026-04-28T23:15:00Z";
  revised.output->completed_at = "2026-04-28T23:16:00Z";
  const auto view =
      view_of(revised, sent_at("2026-04-28T23:10:00Z", false), at("2026-04-28T23:17:00Z"));
  CHECK(view.stage == Stage::ready);
  CHECK(view.doubt == FollowupDoubt::none);
}
