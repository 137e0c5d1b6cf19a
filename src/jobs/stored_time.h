#pragma once

#include <chrono>
#include <cstdint>

#include "base/clock.h"

namespace motion_mcp::jobs {

// A moment as the ledger's file holds it: milliseconds since 1970.
inline std::int64_t to_stored(base::WallTime time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

inline base::WallTime from_stored(std::int64_t milliseconds) {
  return base::WallTime(std::chrono::duration_cast<base::WallTime::duration>(
      std::chrono::milliseconds(milliseconds)));
}

}  // namespace motion_mcp::jobs
