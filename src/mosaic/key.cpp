#include "mosaic/key.h"

#include <algorithm>

namespace motion_mcp::mosaic {
namespace {

constexpr const char* kKeyStep =
    "Make an API key in the Mosaic app (https://mosaic.so) and give it to this server as "
    "MOSAIC_API_KEY, or over HTTP in the header X-Mosaic-Api-Key.";

}  // namespace

Result<void> check_key(std::string_view api_key) {
  if (api_key.empty()) {
    return Error{ErrorKind::no_credential, "no Mosaic API key is set", kKeyStep};
  }
  const bool is_sendable =
      std::all_of(api_key.begin(), api_key.end(), [](char c) { return c > ' ' && c < '\x7F'; });
  if (!is_sendable || !api_key.starts_with("mk_")) {
    return Error{ErrorKind::no_credential,
                 "the key that is set is not a Mosaic API key: those start with mk_ and have no "
                 "spaces",
                 kKeyStep};
  }
  return {};
}

}  // namespace motion_mcp::mosaic
