#include "mcp/completion_methods.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "mcp/guarded_work.h"

namespace motion_mcp::mcp {
namespace {

using jsonrpc::Code;

constexpr std::size_t kMaxQuotedCharacters = 200;

Reply refuse(const jsonrpc::Id& id, std::string_view why) {
  return error_reply(id, Code::invalid_params, why);
}

const std::string* find_text(const Json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_string() ? &member->get_ref<const std::string&>()
                                                       : nullptr;
}

const Json* find_object(const Json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_object() ? &*member : nullptr;
}

std::string completion_text(Completion completion) {
  const std::size_t found = completion.values.size();
  const std::size_t total = std::max(completion.total.value_or(found), found);
  completion.values.resize(std::min(found, kMaxCompletions));
  const Json result = {{"values", completion.values},
                       {"total", total},
                       {"hasMore", total > completion.values.size()}};
  return R"("completion":)" + jsonrpc::print(result);
}

// What a reference names: null members when nothing.
struct Completed {
  const std::string* name = nullptr;
  const Completer* complete = nullptr;
  const std::vector<std::string>* variables = nullptr;
};

Completed find_completed(const ResourceRegistry& resources, const PromptRegistry& prompts,
                         const Json& ref, std::string_view type) {
  if (type == "ref/resource") {
    const std::string* uri = find_text(ref, "uri");
    const auto found = uri != nullptr ? resources.find_template(*uri) : std::nullopt;
    return found ? Completed{uri, &found->complete, &found->variables} : Completed{};
  }
  const std::string* name = type == "ref/prompt" ? find_text(ref, "name") : nullptr;
  const RegisteredPrompt* prompt = name != nullptr ? prompts.find(*name) : nullptr;
  if (prompt == nullptr) return {};
  return {&prompt->name, &prompt->complete, &prompt->arguments};
}

}  // namespace

std::optional<Step> serve_completion(const ResourceRegistry& resources,
                                     const PromptRegistry& prompts, const jsonrpc::Request& request,
                                     const Caller& caller, const EraRules& rules) {
  if (request.method != "completion/complete") return std::nullopt;
  if (resources.empty() && prompts.empty()) return std::nullopt;
  const Json* ref = find_object(request.params, "ref");
  const Json* argument = find_object(request.params, "argument");
  const std::string* type = ref != nullptr ? find_text(*ref, "type") : nullptr;
  const std::string* name = argument != nullptr ? find_text(*argument, "name") : nullptr;
  const std::string* value = argument != nullptr ? find_text(*argument, "value") : nullptr;
  if (type == nullptr || name == nullptr || value == nullptr) {
    return refuse(request.id,
                  "completion/complete needs a \"ref\" with a type, and an \"argument\" with a "
                  "name and a value");
  }
  const Completed made = find_completed(resources, prompts, *ref, *type);
  if (made.name == nullptr) {
    return refuse(request.id, "Unknown ref: nothing of that name is completed here");
  }
  if (std::find(made.variables->begin(), made.variables->end(), *name) == made.variables->end()) {
    return refuse(request.id, base::clip(*name, kMaxQuotedCharacters) + " is no variable of " +
                                  base::clip(*made.name, kMaxQuotedCharacters));
  }
  if (!*made.complete) {
    return result_reply(request.id, rules.project(completion_text({}), nullptr));
  }
  return read_only_work(
      request.id, "completion/complete",
      [complete = made.complete, name = *name, value = *value, caller, rules](
          const jsonrpc::Id& id, const RunContext& context) {
        auto completion = (*complete)({name, value, caller, context.stop});
        if (completion) {
          return result_reply(id, rules.project(completion_text(*std::move(completion)), nullptr));
        }
        const Error& error = completion.error();
        return error_reply(
            id, Code::internal_error,
            error.message + "." + (error.next_step.empty() ? "" : " " + error.next_step));
      });
}

}  // namespace motion_mcp::mcp
