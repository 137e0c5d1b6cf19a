#pragma once

// The life of one generation of the Motioness proxy as a function of its age
// (docs.motioness.com: concepts/asset-lifecycle, guides/sse-streaming).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/life.h"

namespace motion_mcp::sandbox {

// Prompts that begin with `sandbox:` choose what happens, as with the Motion API (cases.h).
enum class AssetCase {
  usual,
  fail,
  slow,
  stuck,
  no_events,
  origin,
  too_large,
  quota,
  overage,
  rate_limit,
  error_500,
};

// `usual` without the prefix, nullopt for a word that is no case.
std::optional<AssetCase> asset_case_of(std::string_view prompt);

// Every prompt with what it does, one per line, for people.
std::string describe_asset_cases();

// A usual asset is ready after this long: seed 003, X-Motioness-Eta-Ms.
inline constexpr VendorTime kUsualGeneration = std::chrono::seconds(28);

struct GenerationEvent {
  VendorTime at{};  // age
  std::string_view type;
  std::string_view stage;
  int attempt = 1;
  std::string_view error_code = {};
  std::string_view error_message = {};
};

// What happens in such a life, in order; the last is ready or failed, if it ever ends.
std::vector<GenerationEvent> life_of(AssetCase chosen);

enum class AssetStatus { pending, ready, failed };

struct AssetMoment {
  AssetStatus status = AssetStatus::pending;
  std::string_view stage = "queued";  // X-Motioness-Stage
  VendorTime left{};                  // until it is ready, as the service thinks
};
AssetMoment asset_moment(AssetCase chosen, VendorTime age);

}  // namespace motion_mcp::sandbox
