#include "sandbox/mosaic_run.h"

#include <array>

#include "sandbox/case_table.h"

namespace motion_mcp::sandbox {
namespace {

constexpr double kSlower = 10;

using Row = CaseRow<MosaicCase>;

constexpr std::array kRows = {
    Row{"fail", MosaicCase::fail, "the run fails; resumed, it completes"},
    Row{"partial", MosaicCase::partial, "it ends partial_complete, with a clip and an error"},
    Row{"credits-run-out", MosaicCase::credits_run_out,
        "it stands still halfway with needs_credits"},
    Row{"slow", MosaicCase::slow, "it takes ten times as long"},
    Row{"stuck", MosaicCase::stuck, "it runs for ever"},
    Row{"unknown-status", MosaicCase::unknown_status,
        "it passes through a status that nobody documented, then completes"},
    Row{"no-credits", MosaicCase::no_credits, "403 insufficient_credits; not charged"},
    Row{"rate-limit", MosaicCase::rate_limit,
        "429 with Retry-After: 1, not charged; the same prompt once more is accepted"},
    Row{"error-500", MosaicCase::error_500, "500; no run, not charged"},
    Row{"charge-then-500", MosaicCase::charge_then_500, "500, yet it runs and is charged"},
};

// A run that is resumed does not fail in the same way again.
MosaicCase case_now(const MosaicRun& run) {
  return run.attempt > 1 ? MosaicCase::usual : run.chosen;
}

std::chrono::duration<double> length_of(MosaicCase chosen, double speed) {
  return std::chrono::duration<double>(kClipTakes) / speed *
         (chosen == MosaicCase::slow ? kSlower : 1);
}

}  // namespace

std::optional<MosaicCase> mosaic_case_of(std::string_view prompt) {
  return find_case(kRows, prompt);
}

std::string mosaic_case_words() {
  return words_of(kRows);
}

std::string describe_mosaic_cases() {
  return describe(kRows);
}

std::optional<base::SteadyTime> end_of(const MosaicRun& run, double speed) {
  const MosaicCase chosen = case_now(run);
  if (chosen == MosaicCase::stuck || chosen == MosaicCase::credits_run_out) return std::nullopt;
  return run.begun +
         std::chrono::duration_cast<base::SteadyTime::duration>(length_of(chosen, speed));
}

MosaicState state_of(const MosaicRun& run, base::SteadyTime now, double speed) {
  if (run.is_cancelled) return {"cancelled", false, true, 0};
  const MosaicCase chosen = case_now(run);
  const auto end = end_of(run, speed);
  if (!end || now < *end) {
    const bool is_halfway = now - run.begun >= length_of(chosen, speed) / 2;
    if (chosen == MosaicCase::credits_run_out) return {"running", is_halfway, false, 0};
    const bool is_odd = chosen == MosaicCase::unknown_status && is_halfway;
    return {is_odd ? "finalizing" : "running", false, false, 0};
  }
  if (chosen == MosaicCase::fail) return {"failed", false, true, 0};
  if (chosen == MosaicCase::partial) return {"partial_complete", false, true, 1};
  return {"completed", false, true, run.node_ids.size()};
}

}  // namespace motion_mcp::sandbox
