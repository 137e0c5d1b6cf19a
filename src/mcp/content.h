#pragma once

// Content blocks of tool results and prompt messages (MCP "Content").

#include <string>
#include <string_view>

#include "base/json_value.h"

namespace motion_mcp::mcp {

Json text_content(std::string_view text);

// `bytes` are sent as base64.
Json image_content(std::string_view bytes, std::string_view mime_type);
// Since 2025-03-26; left out for older clients.
Json audio_content(std::string_view bytes, std::string_view mime_type);

// A resource with its text in it.
Json embedded_text_content(std::string_view uri, std::string_view mime_type, std::string_view text);

// A link the client may fetch itself (2025-06-18 and later; left out for older clients, so the text
// must name it too).
struct ResourceLink {
  std::string uri;
  std::string name;
  std::string title;
  std::string mime_type;
};
Json resource_link_content(const ResourceLink& link);

}  // namespace motion_mcp::mcp
