#include "mcp/app.h"

#include <utility>

namespace motion_mcp::mcp {
namespace {

// The page of a URI stays the same, but where its media come from is configured.
constexpr CacheHint kPageCache{std::chrono::minutes(5), false};

// The page draws its own border: what hosts do by default differs.
Json page_meta(const std::vector<std::string>& resource_origins) {
  Json ui = {{"prefersBorder", false}};
  if (!resource_origins.empty()) ui["csp"] = {{"resourceDomains", resource_origins}};
  return {{"ui", std::move(ui)}};
}

}  // namespace

Resource app_resource(const App& app) {
  const auto read = [html = app.html, meta = page_meta(app.resource_origins)](
                        const ResourceRequest&) -> Result<ResourceContents> {
    return ResourceContents{std::string(kAppMimeType), std::string(html), false, meta};
  };
  return {app.definition, read, kPageCache};
}

Json apps_settings() {
  return {{"mimeTypes", Json::array({kAppMimeType})}};
}

}  // namespace motion_mcp::mcp
