#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"

namespace motion_mcp::net {

struct Resolved {
  enum class Outcome { found, failed, timed_out, cancelled };
  Outcome outcome = Outcome::failed;
  std::vector<std::string> addresses;  // numeric, best first (RFC 6724)
  std::string reason;                  // the system's words when it failed
};

// Looks `host` up with the system's resolver, which can take half a minute and cannot be stopped: a
// thread of its own does that, and is left to itself once `deadline` passes or `stop` is requested.
// A numeric address is answered at once. Thread-safe.
Resolved resolve(const std::string& host, base::SteadyTime deadline, const std::stop_token& stop);

}  // namespace motion_mcp::net
