#include "mcp/resource_registry.h"

#include "mcp/definition.h"

namespace motion_mcp::mcp {
namespace {

std::string member_of(std::string_view definition, const char* member) {
  return parse_definition(definition, {"name", member}).at(member).get<std::string>();
}

}  // namespace

ResourceRegistry::ResourceRegistry(Resources resources)
    : resources_(std::move(resources)),
      listing_(list_definitions(resources_.fixed)),
      template_listing_(list_definitions(resources_.templates)) {}

const ResourceRegistry::Places& ResourceRegistry::places() const {
  std::call_once(once_, [this] {
    for (const Resource& resource : resources_.fixed) {
      places_.uris.push_back(member_of(resource.definition, "uri"));
    }
    for (const ResourceTemplate& made : resources_.templates) {
      std::string text = member_of(made.definition, "uriTemplate");
      UriTemplate parsed(text);
      places_.templates.emplace_back(std::move(text), std::move(parsed));
    }
  });
  return places_;
}

std::optional<ResourceRegistry::Found> ResourceRegistry::find(std::string_view uri) const {
  const Places& known = places();
  for (std::size_t i = 0; i < known.uris.size(); ++i) {
    const Resource& resource = resources_.fixed[i];
    if (known.uris[i] == uri) return Found{resource.read, resource.cache, {}};
  }
  for (std::size_t i = 0; i < known.templates.size(); ++i) {
    const ResourceTemplate& made = resources_.templates[i];
    auto variables = known.templates[i].second.match(uri);
    if (variables) return Found{made.read, made.cache, *std::move(variables)};
  }
  return std::nullopt;
}

std::optional<ResourceRegistry::FoundTemplate> ResourceRegistry::find_template(
    std::string_view text) const {
  const auto& templates = places().templates;
  for (std::size_t i = 0; i < templates.size(); ++i) {
    if (templates[i].first != text) continue;
    return FoundTemplate{resources_.templates[i].complete, templates[i].second.names()};
  }
  return std::nullopt;
}

}  // namespace motion_mcp::mcp
