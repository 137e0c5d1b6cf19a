#pragma once

// A job and what a GET of it shows.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json_value.h"
#include "sandbox/cases.h"
#include "sandbox/life.h"

namespace motion_mcp::sandbox {

struct Now {
  base::SteadyTime steady;
  base::WallTime wall;
};

// One create or followup that was accepted.
struct Run {
  Case chosen = Case::usual;
  Now accepted;
  std::string aspect_ratio;
  Json sources;  // what the job shows once the run is completed
};

struct Job {
  std::string id;
  std::string owner;      // base/owner.h
  std::vector<Run> runs;  // never empty: the create, then the followups
};

// For a moment after a followup was accepted, reads still show the previous run.
inline constexpr VendorTime kStaleAfterFollowup = std::chrono::seconds(30);

// Where the last run really stands. `speed` is vendor time per time of our clock.
Moment current_moment(const Job& job, const Now& now, double speed);

// A link that a file may be fetched by, for the run with that number (from 1 on).
using LinkMaker = std::function<std::string(std::size_t run)>;

// The body of GET /sessions/{job_id} (seeds 000 and 001). The link is renewed by every read, as
// updated_at is, and dies an hour later.
Json status_body(const Job& job, const Now& now, double speed, const LinkMaker& make_link);

}  // namespace motion_mcp::sandbox
