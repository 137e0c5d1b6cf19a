#pragma once

#include <string>

#include "base/json.h"

namespace motion_mcp::motion {

// The `details` of a 400 (seed 001: the issues of Zod, the vendor's validator) as
// `attachments[0].url: "what is wrong" (maximum 4096); ...`: the first five and how many more, at
// most 500 code points. Empty when there are none.
std::string describe_issues(const Json& body);

}  // namespace motion_mcp::motion
