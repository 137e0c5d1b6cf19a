#include "mcp/tool.h"

namespace motion_mcp::mcp {

Json text_content(std::string_view text) {
  // Part of every result; a braced list would copy the text twice.
  Json::object_t item;
  item.reserve(2);
  item.emplace_back("type", "text");
  item.emplace_back("text", text);
  return item;
}

Json resource_link_content(const ResourceLink& link) {
  return {{"type", "resource_link"},
          {"uri", link.uri},
          {"name", link.name},
          {"title", link.title},
          {"mimeType", link.mime_type}};
}

}  // namespace motion_mcp::mcp
