#include "sandbox/cases.h"

#include <array>

#include "sandbox/case_table.h"

namespace motion_mcp::sandbox {
namespace {

using Row = CaseRow<Case>;

constexpr std::array kRows = {
    Row{"fail", Case::fail, "the job fails halfway; its error is a text"},
    Row{"credits-run-out", Case::credits_run_out,
        "the job fails halfway for lack of credits; its error is an object"},
    Row{"output-fail", Case::output_fail, "the job completes, rendering its file fails"},
    Row{"await-input", Case::await_input, "the job stops for good in awaiting_user_input"},
    Row{"slow", Case::slow, "everything takes ten times as long"},
    Row{"stuck", Case::stuck, "the job runs for ever"},
    Row{"unknown-status", Case::unknown_status,
        "job and output pass through statuses that nobody documented, then complete"},
    Row{"no-credits", Case::no_credits, "402 insufficient_credits with the amounts; not charged"},
    Row{"pro-feature", Case::pro_feature, "403 motion_pro_feature_required; not charged"},
    Row{"rate-limit", Case::rate_limit,
        "429 with Retry-After: 1, not charged; the same prompt once more is accepted"},
    Row{"error-500", Case::error_500, "500; no job, not charged"},
    Row{"charge-then-500", Case::charge_then_500, "500, yet the job runs and is charged"},
};

}  // namespace

std::optional<Case> case_of(std::string_view prompt) {
  return find_case(kRows, prompt);
}

std::string describe_cases() {
  return describe(kRows);
}

std::string case_words() {
  return words_of(kRows);
}

}  // namespace motion_mcp::sandbox
