#include "mcp/version.h"

#include <utility>

namespace motion_mcp::mcp {
namespace {

constexpr std::array<std::pair<Version, std::string_view>, 5> kNames = {{
    {Version::v2024_11_05, "2024-11-05"},
    {Version::v2025_03_26, "2025-03-26"},
    {Version::v2025_06_18, "2025-06-18"},
    {Version::v2025_11_25, "2025-11-25"},
    {Version::v2026_07_28, "2026-07-28"},
}};

}  // namespace

std::string_view to_string(Version version) {
  return kNames[static_cast<std::size_t>(version)].second;
}

std::optional<Version> parse_version(std::string_view text) {
  for (const auto& [version, name] : kNames) {
    if (name == text) return version;
  }
  return std::nullopt;
}

}  // namespace motion_mcp::mcp
