#pragma once

// Links to files that carry their own permission, as Google Cloud Storage's V4 signed URLs do: no
// key goes with them, and they die after a while.

#include <chrono>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace motion_mcp::sandbox {

// The life of links to Motion's videos, and to Mosaic's clips.
inline constexpr std::chrono::seconds kVideoLinkLife = std::chrono::hours(1);
inline constexpr std::chrono::seconds kClipLinkLife = std::chrono::hours(24 * 7);

class SignedLinks {
 public:
  // Links of another instance count as forged: each has a secret of its own.
  explicit SignedLinks(std::chrono::seconds lifetime);

  // `path` with the query that permits reading it for the lifetime from `now`.
  [[nodiscard]] std::string sign(std::string_view path, base::WallTime now) const;

  enum class Verdict { valid, expired, forged };
  // `target` is a path with its query, percent-encoded.
  [[nodiscard]] Verdict check(std::string_view target, base::WallTime now) const;

 private:
  [[nodiscard]] std::string signature(std::string_view path, std::string_view date) const;

  const std::chrono::seconds lifetime_;
  std::string secret_;
};

}  // namespace motion_mcp::sandbox
