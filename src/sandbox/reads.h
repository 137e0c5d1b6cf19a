#pragma once

// How often each job was read, for tests to prove that many who wait cost few reads. Not
// thread-safe.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "base/json.h"

namespace motion_mcp::sandbox {

class Reads {
 public:
  // `shows_end`: the read says that the video is ready or that the job failed.
  void add(const std::string& job_id, base::WallTime at, bool shows_end);

  // {"jobs": [{"job_id": "...", "reads": 3, "shortest_pause_ms": 1900, "end_seen_at": "..."}]}: the
  // answer of GET /_sandbox/reads. Null where there is none yet.
  [[nodiscard]] Json to_json() const;

 private:
  struct OfJob {
    std::size_t count = 0;
    base::WallTime last;
    std::optional<std::chrono::milliseconds> shortest_pause;
    std::optional<base::WallTime> end_seen;  // by the first read that showed it
  };
  std::unordered_map<std::string, OfJob> jobs_;
};

}  // namespace motion_mcp::sandbox
