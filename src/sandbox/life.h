#pragma once

// The life of one run (a create or a followup) as a function of its age.

#include <chrono>
#include <optional>
#include <string_view>

#include "sandbox/cases.h"

namespace motion_mcp::sandbox {

// The vendor's time: what elapses for the service while the sandbox's clock, times its speed, does.
using VendorTime = std::chrono::duration<double>;

// A usual run is ready after this long.
inline constexpr VendorTime kUsualRun = std::chrono::minutes(10);

struct Moment {
  std::string_view status;
  std::string_view output_status;  // empty: output is null
  // Ages of the run at which it came to be so.
  VendorTime updated{};
  std::optional<VendorTime> completed;         // status became completed
  std::optional<VendorTime> output_completed;  // the file can be fetched
};

// The run at `age`, which is not negative. Cases that refuse the request live as usual: the one
// among them that is accepted all the same (a repeated rate-limit) runs so.
Moment moment_of(Case chosen, VendorTime age);

}  // namespace motion_mcp::sandbox
