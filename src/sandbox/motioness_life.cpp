#include "sandbox/motioness_life.h"

#include <algorithm>
#include <array>

#include "sandbox/case_table.h"

namespace motion_mcp::sandbox {
namespace {

constexpr double kSlowness = 10;

using Row = CaseRow<AssetCase>;

constexpr std::array kRows = {
    Row{"fail", AssetCase::fail, "the first stage fails three times: 502 for good"},
    Row{"slow", AssetCase::slow, "everything takes ten times as long"},
    Row{"stuck", AssetCase::stuck, "the first stage never ends"},
    Row{"no-events", AssetCase::no_events, "the asset has no event stream: 404 there"},
    Row{"origin", AssetCase::origin, "403 origin not in allowlist"},
    Row{"too-large", AssetCase::too_large, "413 file exceeds 10 MB limit"},
    Row{"quota", AssetCase::quota, "429 monthly limit reached, with upgrade_url"},
    Row{"overage", AssetCase::overage, "429 overage disabled"},
    Row{"rate-limit", AssetCase::rate_limit,
        "429 rate limited with Retry-After: 1; the same URL once more is taken"},
    Row{"error-500", AssetCase::error_500, "500; nothing is generated"},
};

// guides/errors-and-retries: three attempts per stage, at 0, 1 and 4 s.
constexpr std::array kFailedLife = {
    GenerationEvent{VendorTime(0), "queued", "queued"},
    GenerationEvent{VendorTime(1), "vision_started", "vision"},
    GenerationEvent{VendorTime(6), "vision_completed", "vision"},
    GenerationEvent{VendorTime(6), "stage_started", "stage1"},
    GenerationEvent{VendorTime(9), "stage_failed", "stage1", 1, "i2v_timeout", "no answer in time"},
    GenerationEvent{VendorTime(9), "retry_scheduled", "stage1", 2},
    GenerationEvent{VendorTime(11), "stage_failed", "stage1", 2, "i2v_timeout",
                    "no answer in time"},
    GenerationEvent{VendorTime(11), "retry_scheduled", "stage1", 3},
    GenerationEvent{VendorTime(16), "stage_failed", "stage1", 3, "i2v_failed",
                    "the model refused the picture"},
    GenerationEvent{VendorTime(16), "failed", "stage1", 3, "i2v_failed",
                    "the model refused the picture"},
};

constexpr std::array kUsualLife = {
    GenerationEvent{VendorTime(0), "queued", "queued"},
    GenerationEvent{VendorTime(1), "vision_started", "vision"},
    GenerationEvent{VendorTime(6), "vision_completed", "vision"},
    GenerationEvent{VendorTime(6), "stage_started", "stage1"},
    GenerationEvent{VendorTime(16), "stage_completed", "stage1"},
    GenerationEvent{VendorTime(16), "stage_started", "stage2"},
    GenerationEvent{VendorTime(24), "stage_completed", "stage2"},
    GenerationEvent{VendorTime(24), "stage_started", "merge"},
    GenerationEvent{VendorTime(27), "stage_completed", "merge"},
    GenerationEvent{VendorTime(27.5), "r2_write_completed", "merge"},
    GenerationEvent{kUsualGeneration, "ready", "ready"},
};

constexpr std::size_t kStuckAfter = 4;  // events of the usual life

}  // namespace

std::optional<AssetCase> asset_case_of(std::string_view prompt) {
  return find_case(kRows, prompt);
}

std::string describe_asset_cases() {
  return describe(kRows);
}

std::vector<GenerationEvent> life_of(AssetCase chosen) {
  if (chosen == AssetCase::fail) return {kFailedLife.begin(), kFailedLife.end()};
  std::vector<GenerationEvent> life(kUsualLife.begin(), kUsualLife.end());
  if (chosen == AssetCase::stuck) life.resize(kStuckAfter);
  if (chosen == AssetCase::slow) {
    for (GenerationEvent& event : life) event.at *= kSlowness;
  }
  return life;
}

AssetMoment asset_moment(AssetCase chosen, VendorTime age) {
  AssetMoment moment;
  moment.left = kUsualGeneration * (chosen == AssetCase::slow ? kSlowness : 1);
  moment.left = std::max(moment.left - age, VendorTime(1));
  for (const GenerationEvent& event : life_of(chosen)) {
    if (event.at > age) break;
    moment.stage = event.stage;
    if (event.type == "ready") moment.status = AssetStatus::ready;
    if (event.type == "failed") moment.status = AssetStatus::failed;
  }
  return moment;
}

}  // namespace motion_mcp::sandbox
