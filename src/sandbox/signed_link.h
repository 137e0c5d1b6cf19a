#pragma once

// Links to files that carry their own permission, as Google Cloud Storage's V4 signed URLs do: no
// key goes with them, and they die after an hour.

#include <chrono>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace motion_mcp::sandbox {

class SignedLinks {
 public:
  static constexpr std::chrono::seconds kLifetime = std::chrono::hours(1);

  // Links of another instance count as forged: each has a secret of its own.
  SignedLinks();

  // `path` with the query that permits reading it for kLifetime from `now`.
  [[nodiscard]] std::string sign(std::string_view path, base::WallTime now) const;

  enum class Verdict { valid, expired, forged };
  // `target` is a path with its query, percent-encoded.
  [[nodiscard]] Verdict check(std::string_view target, base::WallTime now) const;

 private:
  [[nodiscard]] std::string signature(std::string_view path, std::string_view date) const;

  std::string secret_;
};

}  // namespace motion_mcp::sandbox
