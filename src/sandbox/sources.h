#pragma once

#include "base/json.h"

namespace motion_mcp::sandbox {

// `sources` of a finished run whose valid body was `brief`, in the shape of seed 000: a licensed
// clip, a picture found by search whose rights nobody knows, generated sound, and an upload for
// every attachment. Only the words of the first are the vendor's; its pages name the other kinds
// in prose without spelling them.
Json sources_of(const Json& brief);

}  // namespace motion_mcp::sandbox
