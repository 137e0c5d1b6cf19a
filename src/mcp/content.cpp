#include "mcp/tool.h"

namespace motion_mcp::mcp {

Json text_content(std::string_view text) {
  return {{"type", "text"}, {"text", text}};
}

Json resource_link_content(const ResourceLink& link) {
  return {{"type", "resource_link"},
          {"uri", link.uri},
          {"name", link.name},
          {"title", link.title},
          {"mimeType", link.mime_type}};
}

}  // namespace motion_mcp::mcp
