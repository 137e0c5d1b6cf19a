// Tries to read a job through its resource that the tools would not show, and to have completion
// stop somebody who only types.
#include "tools/job_resources.h"

#include "base/owner.h"
#include "fakes/scratch_folder.h"
#include "unit/tools/bench.h"

using namespace motion_mcp;
using test::Bench;

namespace {

mcp::Resources resources_of(Bench& bench) {
  return tools::make_job_resources(tools::all_tools(), bench.services());
}

Result<Json> read_list(Bench& bench) {
  const mcp::ResourceContents contents =
      TRY(resources_of(bench).fixed.at(0).read({"motion://jobs", {}, bench.caller, {}}));
  CHECK(contents.mime_type == "application/json");
  CHECK_FALSE(contents.is_binary);
  return Json::parse(contents.data);
}

Result<Json> read_job(Bench& bench, const std::string& job_id) {
  const mcp::ResourceContents contents = TRY(resources_of(bench).templates.at(0).read(
      {"motion://jobs/" + job_id, {{"job_id", job_id}}, bench.caller, {}}));
  return Json::parse(contents.data);
}

mcp::Completion complete(Bench& bench, std::string_view value) {
  const auto completion =
      resources_of(bench).templates.at(0).complete({"job_id", value, bench.caller, {}});
  REQUIRE(completion);
  return *completion;
}

void order(Bench& bench, const std::string& job_id) {
  const auto admission = bench.ledger.admit(
      {base::owner_id(test::kKey), "create_video", job_id, "A film.", "", {}}, {});
  REQUIRE(admission);
  REQUIRE(bench.ledger.close(std::get<jobs::OrderId>(*admission), jobs::OrderState::started, job_id,
                             "queued"));
}

}  // namespace

TEST_CASE("the resources go with list_videos") {
  Bench bench;
  const mcp::Resources all = resources_of(bench);
  CHECK(all.fixed.size() == 1);
  CHECK(all.templates.size() == 1);
  CHECK(all.fixed[0].cache.is_private);
  CHECK(all.fixed[0].cache.ttl.count() == 0);
  CHECK(all.templates[0].cache.is_private);
  CHECK(tools::make_job_resources({&test::entry("create_video"), 1}, bench.services()).empty());
}

TEST_CASE("motion://jobs is the first page of list_videos and reads nothing") {
  Bench bench;
  order(bench, test::kJobId);
  const auto listed = read_list(bench);
  REQUIRE(listed);
  CHECK(*listed == *bench.call("list_videos", Json::object()).structured_content);
  CHECK(bench.http.sent().empty());
}

TEST_CASE("a job's resource is what get_video_status says at once") {
  Bench bench;
  bench.http.reply(200, test::vendor_text("status-completed"));
  bench.http.reply(200, test::vendor_text("status-completed"));
  const auto job = read_job(bench, test::kJobId);
  REQUIRE(job);
  CHECK(*job == *bench.get_status().structured_content);
  CHECK((*job)["ready"] == true);
}

TEST_CASE("what is no job is not found, what fails is said") {
  Bench bench;
  CHECK(read_job(bench, "nobody").error().kind == ErrorKind::not_found);
  CHECK(bench.http.sent().empty());
  bench.http.reply(404, test::vendor_text("error-404"));
  CHECK(read_job(bench, test::kJobId).error().kind == ErrorKind::not_found);
  bench.http.reply(401, test::vendor_text("error-401"));
  CHECK(read_job(bench, test::kJobId).error().kind == ErrorKind::unauthenticated);

  bench.history = nullptr;
  CHECK(read_list(bench).error().kind == ErrorKind::conflict);
  bench.history = &bench.ledger;
  bench.caller.credential = "";
  CHECK(read_list(bench).error().kind == ErrorKind::no_credential);
  CHECK(read_job(bench, test::kJobId).error().kind == ErrorKind::no_credential);
}

TEST_CASE(
    "a job_id is completed from this key's jobs, and from nothing where there is no history") {
  Bench bench;
  order(bench, test::kJobId);
  order(bench, "505d47cf-f72b-4852-b570-0de2446dbba1");
  CHECK(complete(bench, "").values.size() == 2);
  CHECK(complete(bench, "405D").values == std::vector<std::string>{test::kJobId});
  CHECK(complete(bench, "4x").values.empty());
  for (int i = 0; i < 150; ++i) order(bench, "job-" + std::to_string(i));
  CHECK(complete(bench, "job-").values.size() == mcp::kMaxCompletions);
  CHECK(complete(bench, "job-").total == 150);

  bench.caller.credential = "motion_another_key";
  CHECK(complete(bench, "").values.empty());
  bench.caller.credential = "";
  CHECK(complete(bench, "").values.empty());
  bench.caller.credential = test::kKey;
  bench.history = nullptr;
  CHECK(complete(bench, "").values.empty());
  const fakes::ScratchFolder folder;
  jobs::Ledger broken({folder.write("file", "") + "/ledger.db", true}, bench.clock);
  bench.history = &broken;
  CHECK(complete(bench, "").values.empty());
}
