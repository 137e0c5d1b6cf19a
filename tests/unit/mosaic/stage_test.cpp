// Tries to have a clip called ready that cannot be fetched, and a wait go on that nothing can end.
#include "mosaic/stage.h"

#include <doctest/doctest.h>

using namespace motion_mcp::mosaic;

namespace {

Run run_with(std::string status, bool needs_credits, bool has_video) {
  Run run;
  run.status = std::move(status);
  run.needs_credits = needs_credits;
  run.outputs.push_back({"o", std::nullopt, std::nullopt, std::nullopt});
  if (has_video) run.outputs.back().video_url = "https://v";
  return run;
}

}  // namespace

TEST_CASE("each status is the stage that its clips make it") {
  CHECK(stage_of(run_with("running", false, false)) == Stage::running);
  CHECK(stage_of(run_with("running", true, false)) == Stage::blocked);
  CHECK(stage_of(run_with("completed", false, true)) == Stage::ready);
  CHECK(stage_of(run_with("partial_complete", false, true)) == Stage::partial);
  CHECK(stage_of(run_with("partial_complete", false, false)) == Stage::failed);
  CHECK(stage_of(run_with("failed", false, false)) == Stage::failed);
  CHECK(stage_of(run_with("failed", false, true)) == Stage::partial);
  CHECK(stage_of(run_with("cancelled", false, true)) == Stage::cancelled);
}

TEST_CASE("completed without a clip to fetch is not ready yet, and neither is an unknown word") {
  for (const char* status : {"completed", "finalizing", "queued"}) {
    CAPTURE(status);
    const Stage stage = stage_of(run_with(status, false, false));
    CHECK(stage == Stage::running);
    CHECK_FALSE(is_settled(stage));
    CHECK_FALSE(has_clip(stage));
  }
}

TEST_CASE("a wait ends where nothing more comes by itself") {
  for (const Stage stage :
       {Stage::blocked, Stage::ready, Stage::partial, Stage::failed, Stage::cancelled}) {
    CHECK(is_settled(stage));
  }
  CHECK(has_clip(Stage::ready));
  CHECK(has_clip(Stage::partial));
  CHECK_FALSE(has_clip(Stage::blocked));
}
