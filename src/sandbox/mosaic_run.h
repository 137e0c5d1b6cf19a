#pragma once

// A run of the sandbox's Mosaic: where it stands at a moment.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json_value.h"

namespace motion_mcp::sandbox {

struct MosaicNode {
  std::string id;
  Json params;
};

// What a prompt that begins with `sandbox:` has a run do. mosaic_run.cpp holds the one table.
enum class MosaicCase {
  usual,
  fail,
  partial,
  credits_run_out,
  slow,
  stuck,
  unknown_status,
  no_credits,
  rate_limit,
  error_500,
  charge_then_500,
};

// `usual` without the prefix, nullopt for a word that is no case.
std::optional<MosaicCase> mosaic_case_of(std::string_view prompt);
std::string mosaic_case_words();
std::string describe_mosaic_cases();

struct MosaicRun {
  std::string id;
  std::string agent_id;
  std::string owner;
  std::string prompt;  // of its first node
  std::string aspect_ratio;
  std::string callback_url;
  std::vector<std::string> node_ids;  // each makes a clip, and is paid for
  MosaicCase chosen = MosaicCase::usual;
  base::WallTime started_at;
  base::SteadyTime begun;  // of the last attempt
  bool is_cancelled = false;
  int attempt = 1;
};

// Vendor time from the start of a run to its end. The pages name none.
inline constexpr std::chrono::seconds kClipTakes{120};

struct MosaicState {
  std::string_view status;
  bool needs_credits = false;
  bool is_over = false;
  std::size_t clips = 0;  // of its nodes, how many have made theirs
};
MosaicState state_of(const MosaicRun& run, base::SteadyTime now, double speed);

// When the run ends, unless it never does.
std::optional<base::SteadyTime> end_of(const MosaicRun& run, double speed);

}  // namespace motion_mcp::sandbox
