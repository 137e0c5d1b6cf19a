#include "mcp/content.h"

#include "base/base64.h"

namespace motion_mcp::mcp {

Json text_content(std::string_view text) {
  // Part of every result; a braced list would copy the text twice.
  Json::object_t item;
  item.reserve(2);
  item.emplace_back("type", "text");
  item.emplace_back("text", text);
  return item;
}

Json image_content(std::string_view bytes, std::string_view mime_type) {
  return {{"type", "image"}, {"data", base::encode_base64(bytes)}, {"mimeType", mime_type}};
}

Json audio_content(std::string_view bytes, std::string_view mime_type) {
  return {{"type", "audio"}, {"data", base::encode_base64(bytes)}, {"mimeType", mime_type}};
}

Json embedded_text_content(std::string_view uri, std::string_view mime_type,
                           std::string_view text) {
  return {{"type", "resource"},
          {"resource", {{"uri", uri}, {"mimeType", mime_type}, {"text", text}}}};
}

Json resource_link_content(const ResourceLink& link) {
  return {{"type", "resource_link"},
          {"uri", link.uri},
          {"name", link.name},
          {"title", link.title},
          {"mimeType", link.mime_type}};
}

}  // namespace motion_mcp::mcp
