#pragma once

// Every question "does this version ...?" is answered here and nowhere else.

#include <array>
#include <optional>
#include <string_view>

namespace motion_mcp::mcp {

enum class Version { v2024_11_05, v2025_03_26, v2025_06_18, v2025_11_25, v2026_07_28 };

inline constexpr Version kNewestWithHandshake = Version::v2025_11_25;
inline constexpr Version kNewest = Version::v2026_07_28;

std::string_view to_string(Version version);
std::optional<Version> parse_version(std::string_view text);

// The versions that a client may name in a request's `_meta`, oldest first.
inline constexpr std::array<Version, 1> kPerRequestVersions = {Version::v2026_07_28};

// Opened by `initialize`; otherwise every request states its version itself.
constexpr bool has_handshake(Version version) {
  return version <= kNewestWithHandshake;
}

// JSON-RPC batches: 2025-03-26 requires them, 2024-11-05 leaves them open, 2025-06-18 removed them.
constexpr bool has_batches(Version version) {
  return version <= Version::v2025_03_26;
}

// An error answers a message whose id is unknown without an `id` (schema of 2025-11-25,
// JSONRPCErrorResponse); before, with null, as JSON-RPC 2.0 says.
constexpr bool has_errors_without_id(Version version) {
  return version >= Version::v2025_11_25;
}

// structuredContent and outputSchema (2025-06-18, "Structured Content").
constexpr bool has_structured_content(Version version) {
  return version >= Version::v2025_06_18;
}

// Content of type resource_link (2025-06-18); strict validators of older clients refuse it.
constexpr bool has_resource_links(Version version) {
  return version >= Version::v2025_06_18;
}

// Content of type audio (2025-03-26).
constexpr bool has_audio(Version version) {
  return version >= Version::v2025_03_26;
}

// A resource that is not there has an error code of its own, -32002 ("Resources", "Error
// Handling"); since 2026-07-28 it is an invalid parameter.
constexpr bool has_resource_not_found_code(Version version) {
  return version <= Version::v2025_11_25;
}

// Completion is declared as a capability (2025-03-26); 2024-11-05 has the method alone.
constexpr bool has_completions_capability(Version version) {
  return version >= Version::v2025_03_26;
}

}  // namespace motion_mcp::mcp
