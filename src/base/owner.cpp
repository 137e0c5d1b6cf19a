#include "base/owner.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstdlib>

#include "base/digest.h"

namespace motion_mcp::base {

std::string owner_id(std::string_view api_key) {
  // Part of what is stored: another label would orphan every row.
  constexpr std::string_view kLabel = "motion-mcp/owner/v1";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  const auto* const made = HMAC(EVP_sha256(), api_key.data(), static_cast<int>(api_key.size()),
                                reinterpret_cast<const unsigned char*>(kLabel.data()),
                                kLabel.size(), digest.data(), &size);
  if (made == nullptr) std::abort();  // SHA-256 is missing from OpenSSL

  return to_hex({reinterpret_cast<const char*>(digest.data()), size});
}

}  // namespace motion_mcp::base
