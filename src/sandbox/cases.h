#pragma once

// Prompts that begin with `sandbox:` choose what happens, as test card numbers do with a payment
// service. cases.cpp holds the one table of them.

#include <optional>
#include <string>
#include <string_view>

namespace motion_mcp::sandbox {

enum class Case {
  usual,
  fail,
  credits_run_out,
  output_fail,
  await_input,
  slow,
  stuck,
  unknown_status,
  no_credits,
  pro_feature,
  rate_limit,
  error_500,
  charge_then_500,
};

// The case that `prompt` chooses: `usual` without the prefix, nullopt for a word that is no case.
// The word ends at the first character that is neither a lower-case letter, a digit nor a hyphen.
std::optional<Case> case_of(std::string_view prompt);

// Every `sandbox:` prompt with what it does, one per line, for people.
std::string describe_cases();

// `fail, credits-run-out, ...`: the words, for an error message.
std::string case_words();

}  // namespace motion_mcp::sandbox
