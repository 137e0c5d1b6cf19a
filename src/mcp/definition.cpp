#include "mcp/definition.h"

#include <cstdlib>
#include <utility>

#include "base/log.h"

namespace motion_mcp::mcp {

Json parse_definition(std::string_view text, std::initializer_list<const char*> members) {
  auto parsed = jsonrpc::parse_json(text);
  for (const char* member : members) {
    if (parsed && parsed->is_object() && parsed->contains(member)) continue;
    base::log_error("a definition is not an object with the member " + std::string(member));
    std::abort();
  }
  return *std::move(parsed);
}

}  // namespace motion_mcp::mcp
