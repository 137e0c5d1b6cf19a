#include "base/owner.h"

#include "base/hmac.h"

namespace motion_mcp::base {

std::string owner_id(std::string_view api_key) {
  // Part of what is stored: another label would orphan every row.
  constexpr std::string_view kLabel = "motion-mcp/owner/v1";
  return hmac_sha256_hex(api_key, kLabel);
}

}  // namespace motion_mcp::base
