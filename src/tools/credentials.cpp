#include "tools/credentials.h"

namespace motion_mcp::tools {

std::string_view credential_of(std::string_view toolset) {
  for (const std::string_view credential : {kMosaicCredential, kMotionessCredential}) {
    if (toolset == credential) return credential;
  }
  return {};
}

}  // namespace motion_mcp::tools
