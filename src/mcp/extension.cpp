#include "mcp/extension.h"

namespace motion_mcp::mcp {

bool declares(const Json& capabilities, const char* extension) {
  const auto extensions = capabilities.find("extensions");
  if (extensions == capabilities.end() || !extensions->is_object()) return false;
  const auto declared = extensions->find(extension);
  return declared != extensions->end() && declared->is_object();
}

}  // namespace motion_mcp::mcp
