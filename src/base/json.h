#pragma once

// The JSON value used throughout. Members keep the order in which they were written, so that what
// passes through us (a vendor's `sources`, a schema, an agent's arguments) leaves as it came.
// Lookups are linear: never index an object whose size a stranger controls in a loop over its keys.

#include <nlohmann/json_fwd.hpp>

namespace motion_mcp {

using Json = nlohmann::ordered_json;

}  // namespace motion_mcp
