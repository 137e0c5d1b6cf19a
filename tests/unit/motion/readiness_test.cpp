// Tries to hand out a video that is not there: a job that is completed before its file is, the file
// of the run before the followup, a link that is empty. And to wait for what will never come.
#include "motion/readiness.h"

#include <doctest/doctest.h>

#include "unit/motion/vendor_example.h"

using namespace motion_mcp;
using namespace motion_mcp::motion;

namespace {

using Moment = std::optional<std::string>;

// Moments of a first run and of the followup's, in the order in which they come.
constexpr const char* kFirstRun = "2026-04-28T23:05:58.695Z";
constexpr const char* kFirstFile = "2026-04-28T23:06:41.112Z";
constexpr const char* kSecondRun = "2026-04-28T23:20:00.000Z";
constexpr const char* kSecondFile = "2026-04-28T23:20:43.000Z";

Job job_with_status(const std::string& status) {
  Job job;
  job.job_id = "j";
  job.status = status;
  job.sources = Json::array();
  return job;
}

Job completed(Moment completed_at, Moment rendered_at) {
  Job job = job_with_status("completed");
  job.completed_at = std::move(completed_at);
  job.output = Output{"completed", "https://storage.example/v.mp4", {}, std::move(rendered_at), {}};
  return job;
}

Job job_from_page(const char* name) {
  const auto job = job_from_json(fakes::vendor_json(name));
  REQUIRE(job);
  return *job;
}

}  // namespace

TEST_CASE("the vendor's examples are a waiting job and a ready one") {
  CHECK(stage_of(job_from_page("status-running"), {}) == Stage::waiting);
  CHECK(stage_of(job_from_page("status-running-no-output"), {}) == Stage::waiting);
  CHECK(stage_of(job_from_page("status-completed"), {}) == Stage::ready);
}

TEST_CASE("each status of a job has its stage, an unknown one waits") {
  CHECK(stage_of(job_with_status("queued"), {}) == Stage::waiting);
  CHECK(stage_of(job_with_status("created"), {}) == Stage::waiting);
  CHECK(stage_of(job_with_status("running"), {}) == Stage::waiting);
  CHECK(stage_of(job_with_status("paused"), {}) == Stage::waiting);
  CHECK(stage_of(job_with_status("failed"), {}) == Stage::failed);
  CHECK(stage_of(job_with_status("completed"), {}) == Stage::rendering);
}

TEST_CASE("a job asks for a person only when it says so in both places") {
  Job job = job_with_status("awaiting_user_input");
  CHECK(stage_of(job, {}) == Stage::waiting);
  job.pending_user_input = true;
  CHECK(stage_of(job, {}) == Stage::awaiting_user_input);
  job.status = "running";
  CHECK(stage_of(job, {}) == Stage::waiting);
}

TEST_CASE("a completed job is ready only with a completed output and a link") {
  struct Row {
    const char* output_status;
    Moment url;
    Moment error;
    Stage stage;
  };
  const Row rows[] = {
      {"pending", {}, {}, Stage::rendering},
      {"queued", {}, {}, Stage::rendering},
      {"processing", {}, {}, Stage::rendering},
      {"processing", "https://storage.example/v.mp4", {}, Stage::rendering},
      {"", {}, {}, Stage::rendering},
      {"uploading", {}, {}, Stage::rendering},
      {"completed", {}, {}, Stage::rendering},
      {"completed", "", {}, Stage::rendering},
      {"completed", "https://storage.example/v.mp4", {}, Stage::ready},
      {"completed", "https://storage.example/v.mp4", "a warning", Stage::ready},
      {"completed", {}, "no encoder", Stage::output_failed},
      {"processing", "", "no encoder", Stage::output_failed},
      {"failed", {}, {}, Stage::output_failed},
      {"failed", "https://storage.example/v.mp4", "no encoder", Stage::output_failed},
  };
  for (const Row& row : rows) {
    CAPTURE(row.output_status);
    Job job = job_with_status("completed");
    job.output = Output{row.output_status, row.url, {}, {}, row.error};
    CHECK(stage_of(job, {}) == row.stage);
  }
}

TEST_CASE("an output tells nothing while the job is not completed") {
  for (const char* status : {"queued", "created", "running", "paused"}) {
    Job job = completed(kFirstRun, kFirstFile);
    job.status = status;
    CHECK(stage_of(job, {}) == Stage::waiting);
    CHECK(stage_of(job, FollowupBaseline{kFirstRun, kFirstFile}) == Stage::waiting);
  }
}

TEST_CASE("after a followup only a file of the new run is ready") {
  struct Row {
    const char* what;
    FollowupBaseline before;
    Moment completed_at;
    Moment rendered_at;
    Stage stage;
  };
  const Row rows[] = {
      {"nothing has moved", {kFirstRun, kFirstFile}, kFirstRun, kFirstFile, Stage::previous_output},
      {"the job moved, the file not yet",
       {kFirstRun, kFirstFile},
       kSecondRun,
       kFirstFile,
       Stage::previous_output},
      {"the job is cleared, the file not",
       {kFirstRun, kFirstFile},
       {},
       kFirstFile,
       Stage::previous_output},
      {"both moved", {kFirstRun, kFirstFile}, kSecondRun, kSecondFile, Stage::ready},
      {"the file moved, the job keeps its first moment",
       {kFirstRun, kFirstFile},
       kFirstRun,
       kSecondFile,
       Stage::ready},
      {"the file moved, the job has no moment",
       {kFirstRun, kFirstFile},
       {},
       kSecondFile,
       Stage::ready},

      {"followup while rendering: the first file comes late",
       {kFirstRun, {}},
       kFirstRun,
       kFirstFile,
       Stage::previous_output},
      {"followup while rendering: the first file under the second run",
       {kFirstRun, {}},
       kSecondRun,
       kFirstFile,
       Stage::previous_output},
      {"followup while rendering: the second file",
       {kFirstRun, {}},
       kSecondRun,
       kSecondFile,
       Stage::ready},

      {"the file has no moment, the job has not moved",
       {kFirstRun, kFirstFile},
       kFirstRun,
       {},
       Stage::previous_output},
      {"the file has no moment, the job moved",
       {kFirstRun, kFirstFile},
       kSecondRun,
       {},
       Stage::ready},
      {"the file never has one, the job has not moved",
       {kFirstRun, {}},
       kFirstRun,
       {},
       Stage::previous_output},
      {"the file never has one, the job moved", {kFirstRun, {}}, kSecondRun, {}, Stage::ready},
      {"the file has no moment, the job lost its own",
       {kFirstRun, kFirstFile},
       {},
       {},
       Stage::previous_output},

      {"nothing was known before", {{}, {}}, kSecondRun, kSecondFile, Stage::ready},
      {"nothing is ever known", {{}, {}}, {}, {}, Stage::ready},
      {"only the file was known, now neither is", {{}, kFirstFile}, {}, {}, Stage::ready},
      {"only the file was known, and it stays",
       {{}, kFirstFile},
       kSecondRun,
       kFirstFile,
       Stage::previous_output},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(stage_of(completed(row.completed_at, row.rendered_at), row.before) == row.stage);
    CHECK(stage_of(completed(row.completed_at, row.rendered_at), {}) == Stage::ready);
  }
}

TEST_CASE("a moment written in another way is the same moment") {
  const FollowupBaseline before{kFirstRun, kFirstFile};
  CHECK(stage_of(completed(kSecondRun, "2026-04-29T01:06:41.112000+02:00"), before) ==
        Stage::previous_output);
  const FollowupBaseline words{{}, "this morning"};
  CHECK(stage_of(completed({}, "this morning"), words) == Stage::previous_output);
  CHECK(stage_of(completed({}, "at noon"), words) == Stage::ready);
}

TEST_CASE("a failed file of the run before does not fail the followup") {
  Job job = job_with_status("completed");
  job.completed_at = kFirstRun;
  job.output = Output{"failed", {}, {}, {}, "no encoder"};
  const FollowupBaseline before = baseline_of(job);
  CHECK(stage_of(job, before) == Stage::previous_output);
  job.completed_at = kSecondRun;
  CHECK(stage_of(job, before) == Stage::output_failed);
}

TEST_CASE("a file under way is rendering, whichever run it belongs to") {
  Job job = completed(kFirstRun, {});
  job.output->status = "processing";
  CHECK(stage_of(job, FollowupBaseline{kFirstRun, {}}) == Stage::rendering);
}

TEST_CASE("the baseline of a job is what it shows") {
  const FollowupBaseline full = baseline_of(job_from_page("status-completed"));
  CHECK(full.completed_at == kFirstRun);
  CHECK(full.output_completed_at == kFirstFile);
  const FollowupBaseline none = baseline_of(job_from_page("status-running"));
  CHECK_FALSE(none.completed_at);
  CHECK_FALSE(none.output_completed_at);
}

TEST_CASE("a wait goes on exactly while a later read can show something else") {
  CHECK_FALSE(is_settled(Stage::waiting));
  CHECK_FALSE(is_settled(Stage::rendering));
  CHECK_FALSE(is_settled(Stage::previous_output));
  CHECK(is_settled(Stage::awaiting_user_input));
  CHECK(is_settled(Stage::ready));
  CHECK(is_settled(Stage::failed));
  CHECK(is_settled(Stage::output_failed));
}
