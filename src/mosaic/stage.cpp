#include "mosaic/stage.h"

#include <algorithm>

namespace motion_mcp::mosaic {

Stage stage_of(const Run& run) {
  const bool has_video =
      std::any_of(run.outputs.begin(), run.outputs.end(),
                  [](const RunOutput& output) { return output.video_url.has_value(); });
  if (run.status == "failed") return has_video ? Stage::partial : Stage::failed;
  if (run.status == "cancelled") return Stage::cancelled;
  if (run.status == "partial_complete") return has_video ? Stage::partial : Stage::failed;
  if (run.needs_credits) return Stage::blocked;
  return run.status == "completed" && has_video ? Stage::ready : Stage::running;
}

bool is_settled(Stage stage) {
  return stage != Stage::running;
}

bool has_clip(Stage stage) {
  return stage == Stage::ready || stage == Stage::partial;
}

}  // namespace motion_mcp::mosaic
