#pragma once

// The rules of a create's or followup's body (seeds 000 and 001) and what the vendor answers when
// one is broken: issues in the shape of Zod 3, which its example shows (seed 001 "Errors").

#include <string_view>

#include "base/json.h"

namespace motion_mcp::sandbox {

// The issues in `body`, in the order of the vendor's field list; an empty array when it is valid.
// As with Zod, unknown fields are ignored, an optional field may be absent but not null, and text
// is as long as JavaScript says: an emoji counts two.
//
// Also refused is a prompt whose `sandbox:` word is no case.
Json issues_of(const Json& body);

// The answer's body for a request with `issues`.
Json invalid_request(Json issues);

// The one issue of a body that is not JSON at all.
Json not_json_issues();

}  // namespace motion_mcp::sandbox
