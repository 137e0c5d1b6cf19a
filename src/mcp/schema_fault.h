#pragma once

#include <string>
#include <vector>

#include "base/json.h"

namespace motion_mcp::mcp {

// Member names and array indices (in decimal) from the root to a value.
using SchemaPath = std::vector<std::string>;

// What is wrong with the value at `path` itself, not with what it contains: one clause each for
// type, enum, lengths, bounds, missing and unknown members. Empty when the fault lies deeper, or in
// a keyword that it does not word.
std::vector<std::string> describe_faults(const Json& schema, const Json& value,
                                         const SchemaPath& path);

}  // namespace motion_mcp::mcp
