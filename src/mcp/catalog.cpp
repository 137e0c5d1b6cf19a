#include "mcp/catalog.h"

#include <utility>

#include "mcp/completion_methods.h"
#include "mcp/prompt_methods.h"
#include "mcp/resource_methods.h"

namespace motion_mcp::mcp {
namespace {

Resources with_apps(Resources resources, const std::vector<App>& apps) {
  for (const App& app : apps) resources.fixed.push_back(app_resource(app));
  return resources;
}

}  // namespace

Catalog::Catalog(Features features)
    : tools(std::move(features.tools)),
      has_apps(!features.apps.empty()),
      resources(with_apps(std::move(features.resources), features.apps)),
      prompts(std::move(features.prompts)),
      has_logging(features.has_logging),
      changes(std::move(features.changes)) {}

Json Catalog::capabilities(Version version, bool tells_changes) const {
  const bool has_changes = tells_changes && changes != nullptr;
  Json lists = Json::object();
  if (has_changes) lists["listChanged"] = true;
  Json declared = {{"tools", lists}};
  if (!resources.empty()) {
    declared["resources"] = lists;
    if (has_changes) declared["resources"]["subscribe"] = true;
  }
  if (!prompts.empty()) declared["prompts"] = lists;
  const bool completes = !resources.empty() || !prompts.empty();
  if (completes && has_completions_capability(version)) declared["completions"] = Json::object();
  if (has_logging) declared["logging"] = Json::object();
  return declared;
}

std::optional<Step> Catalog::serve(jsonrpc::Request& request, const Caller& caller,
                                   const EraRules& rules) const {
  if (auto step = serve_resources(resources, request, caller, rules)) return step;
  if (auto step = serve_prompts(prompts, request, caller, rules)) return step;
  return serve_completion(resources, prompts, request, caller, rules);
}

}  // namespace motion_mcp::mcp
