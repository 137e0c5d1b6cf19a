#include "base/owner.h"

#include "base/hmac.h"
#include "base/secret.h"

namespace motion_mcp::base {

std::string owner_id(std::string_view api_key) {
  // Part of what is stored: another label would orphan every row.
  constexpr std::string_view kLabel = "motion-mcp/owner/v1";
  return hmac_sha256_hex(api_key, kLabel);
}

const std::string& OwnerMemory::id_of(std::string_view api_key) {
  if (id_.empty() || !equals_in_constant_time(key_, api_key)) {
    id_ = owner_id(api_key);
    key_ = api_key;
  }
  return id_;
}

}  // namespace motion_mcp::base
