#include "mcp/prompt_registry.h"

#include <algorithm>
#include <utility>

#include "mcp/definition.h"

namespace motion_mcp::mcp {
namespace {

RegisteredPrompt registered(const Prompt& prompt) {
  const Json definition = parse_definition(prompt.definition, {"name"});
  RegisteredPrompt made{
      definition.at("name").get<std::string>(), {}, {}, prompt.make, prompt.complete};
  for (const Json& argument : definition.value("arguments", Json::array())) {
    made.arguments.push_back(argument.at("name").get<std::string>());
    if (argument.value("required", false)) made.required.push_back(made.arguments.back());
  }
  return made;
}

}  // namespace

PromptRegistry::PromptRegistry(std::vector<Prompt> prompts)
    : prompts_(std::move(prompts)), listing_(list_definitions(prompts_)) {}

const RegisteredPrompt* PromptRegistry::find(std::string_view name) const {
  std::call_once(once_, [this] {
    for (const Prompt& prompt : prompts_) registered_.push_back(registered(prompt));
  });
  const auto found = std::find_if(registered_.begin(), registered_.end(),
                                  [&](const auto& prompt) { return prompt.name == name; });
  return found == registered_.end() ? nullptr : &*found;
}

}  // namespace motion_mcp::mcp
