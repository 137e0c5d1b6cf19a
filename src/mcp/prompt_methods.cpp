#include "mcp/prompt_methods.h"

#include <algorithm>
#include <utility>

#include "base/owner.h"
#include "base/text.h"
#include "mcp/guarded_work.h"
#include "mcp/list_page.h"

namespace motion_mcp::mcp {
namespace {

using jsonrpc::Code;

constexpr std::size_t kMaxQuotedCharacters = 64;

Reply refuse(const jsonrpc::Id& id, std::string_view why) {
  return error_reply(id, Code::invalid_params, why);
}

// Why the arguments cannot be those of the prompt; empty when they can.
std::string fault_in(const RegisteredPrompt& prompt, const Json& arguments) {
  const auto is_text = [](const Json& value) { return value.is_string(); };
  if (!arguments.is_object() || !std::all_of(arguments.begin(), arguments.end(), is_text)) {
    return "The arguments of a prompt must be an object of strings";
  }
  for (const std::string& name : prompt.required) {
    if (!arguments.contains(name)) return prompt.name + " needs the argument \"" + name + "\"";
  }
  return {};
}

std::string members_of(const PromptResult& result) {
  std::string text;
  if (!result.description.empty()) {
    text = R"("description":)" + jsonrpc::print_string(result.description) + ",";
  }
  return text + R"("messages":)" + jsonrpc::print(result.messages);
}

Reply reply_of(const jsonrpc::Id& id, const EraRules& rules, const Result<PromptResult>& result) {
  if (result) return result_reply(id, rules.project(members_of(*result), nullptr));
  const Error& error = result.error();
  const Code code =
      error.kind == ErrorKind::invalid_argument ? Code::invalid_params : Code::internal_error;
  return error_reply(id, code,
                     error.message + "." + (error.next_step.empty() ? "" : " " + error.next_step));
}

Step get(const PromptRegistry& prompts, jsonrpc::Request& request, const Caller& caller,
         const EraRules& rules) {
  const auto name = request.params.find("name");
  if (name == request.params.end() || !name->is_string()) {
    return refuse(request.id, "prompts/get needs a \"name\"");
  }
  const RegisteredPrompt* prompt = prompts.find(name->get_ref<const std::string&>());
  if (prompt == nullptr) {
    return refuse(request.id,
                  "Unknown prompt: " + base::clip(name->get<std::string>(), kMaxQuotedCharacters));
  }
  Json arguments = request.params.value("arguments", Json::object());
  if (const std::string fault = fault_in(*prompt, arguments); !fault.empty()) {
    return refuse(request.id, fault);
  }
  const auto binding = [prompt, arguments, caller] {
    return base::owner_id(caller.credential) + "\nprompts/get " + prompt->name + "\n" +
           jsonrpc::print(arguments);
  };
  auto input = take_input(request.params, rules.rounds, binding);
  if (!input) return refuse(request.id, input.error().message);
  return read_only_work(request.id, "prompts/get",
                        [prompt, arguments, caller, rules, binding, first = *std::move(input)](
                            const jsonrpc::Id& id, const RunContext& context) {
                          Rounds rounds(rules.rounds, id, prompt->name, binding, first);
                          for (;;) {
                            const auto result =
                                prompt->make({arguments, caller, context.stop,
                                              rounds.capabilities(), rounds.input()});
                            if (!result || !result->input_required)
                              return reply_of(id, rules, result);
                            if (auto reply = rounds.ask(*result->input_required, context))
                              return *std::move(reply);
                          }
                        });
}

}  // namespace

Json prompt_message(Role role, Json content) {
  return {{"role", role == Role::user ? "user" : "assistant"}, {"content", std::move(content)}};
}

std::optional<Step> serve_prompts(const PromptRegistry& prompts, jsonrpc::Request& request,
                                  const Caller& caller, const EraRules& rules) {
  if (prompts.empty()) return std::nullopt;
  if (request.method == "prompts/get") return get(prompts, request, caller, rules);
  if (request.method == "prompts/list") {
    if (auto refused = refuse_cursor(request)) return *std::move(refused);
    return result_reply(request.id,
                        rules.project(R"("prompts":)" + prompts.listing(), &kListCache));
  }
  return std::nullopt;
}

}  // namespace motion_mcp::mcp
