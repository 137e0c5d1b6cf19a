#include "sandbox/cases.h"

#include <algorithm>
#include <array>

namespace motion_mcp::sandbox {
namespace {

constexpr std::string_view kPrefix = "sandbox:";

struct Row {
  std::string_view word;
  Case value;
  std::string_view effect;
};

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

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

}  // namespace

std::optional<Case> case_of(std::string_view prompt) {
  if (!prompt.starts_with(kPrefix)) return Case::usual;
  prompt.remove_prefix(kPrefix.size());
  const auto end = std::find_if_not(prompt.begin(), prompt.end(), is_word_character);
  const std::string_view word = prompt.substr(0, static_cast<std::size_t>(end - prompt.begin()));
  for (const Row& row : kRows) {
    if (row.word == word) return row.value;
  }
  return std::nullopt;
}

std::string describe_cases() {
  constexpr std::size_t kColumn = 28;
  std::string text;
  for (const Row& row : kRows) {
    std::string line = "  " + std::string(kPrefix) + std::string(row.word);
    line.resize(std::max(kColumn, line.size() + 1), ' ');
    text += line + std::string(row.effect) + "\n";
  }
  return text;
}

std::string case_words() {
  std::string words;
  for (const Row& row : kRows) words += (words.empty() ? "" : ", ") + std::string(row.word);
  return words;
}

}  // namespace motion_mcp::sandbox
