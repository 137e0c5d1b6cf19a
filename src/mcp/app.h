#pragma once

// MCP Apps (extension io.modelcontextprotocol/ui, SEP-1865, specification of 2026-01-26): HTML
// pages that a host draws for calls of the tools that name them, in a frame without an origin of
// its own. A tool names its page in its definition, `_meta.ui.resourceUri`; a page's own tools are
// those with
// `_meta.ui.visibility` ["app"]. Hosts without the extension ignore both, and results are the same
// for everybody, so that nothing here depends on who asks.

#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "mcp/resource.h"

namespace motion_mcp::mcp {

// Hosts compare it byte for byte.
inline constexpr std::string_view kAppMimeType = "text/html;profile=mcp-app";

struct App {
  // The resources/list entry as JSON text: uri (ui://...), name, title, description, and
  // kAppMimeType as mimeType. Hosts keep what they read by its URI: change the URI with the page.
  std::string_view definition;
  // A whole HTML document with everything in it. Both must outlive the server.
  std::string_view html;
  // Where the page may load pictures, sound and video from, as the host's Content-Security-Policy
  // takes them: "https://media.example.com", "https://*.example.com". Nowhere else.
  std::vector<std::string> resource_origins = {};
};

// What resources/read answers for the page.
Resource app_resource(const App& app);

// The extension's settings, of a server that has pages.
Json apps_settings();

}  // namespace motion_mcp::mcp
