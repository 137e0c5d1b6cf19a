#pragma once

// JSON within a sealed token, with the time until which it is good.

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/json_value.h"
#include "base/result.h"
#include "base/seal.h"

namespace motion_mcp::auth {

struct SealedFor {
  const base::SealKeys& keys;
  base::SealPurpose purpose;
  std::string_view audience;
};

// `members` is an object.
std::string seal_json(const SealedFor& use, Json members, base::WallTime expires);

// invalid_argument for what seal_json did not make for this use, or whose time is over.
Result<Json> open_json(const SealedFor& use, std::string_view token, base::WallTime now);

// When what open_json opened ends, in whole seconds.
base::WallTime expiry_of(const Json& members);

// What `read` makes of the members. invalid_argument when they are not what it reads: another
// version of this program sealed them.
template <class Read>
auto read_members(const Json& members, Read read) -> Result<decltype(read(members))> {
  try {
    return read(members);
  } catch (const Json::exception&) {
    return Error{ErrorKind::invalid_argument, "it was sealed by another version of this program"};
  }
}

}  // namespace motion_mcp::auth
