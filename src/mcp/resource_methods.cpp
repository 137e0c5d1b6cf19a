#include "mcp/resource_methods.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <utility>

#include "base/base64.h"
#include "base/log.h"
#include "base/text.h"
#include "mcp/list_page.h"

namespace motion_mcp::mcp {
namespace {

using jsonrpc::Code;

// What is listed changes with the program only, never with who asks.
constexpr CacheHint kLists{std::chrono::hours(1), false};

constexpr std::size_t kMaxQuotedCharacters = 200;

Reply refuse(const jsonrpc::Id& id, std::string_view why) {
  return error_reply(id, Code::invalid_params, why);
}

Reply not_found(const jsonrpc::Id& id, Version version, const std::string& uri,
                std::string_view why) {
  const Code code =
      has_resource_not_found_code(version) ? Code::resource_not_found : Code::invalid_params;
  return error_reply(id, code, why, Fault::none, {{"uri", uri}});
}

std::string sentence_of(const Error& error) {
  return error.message + "." + (error.next_step.empty() ? "" : " " + error.next_step);
}

Reply refuse_read(const jsonrpc::Id& id, Version version, const std::string& uri,
                  const Error& error) {
  const std::string text = sentence_of(error);
  if (error.kind == ErrorKind::not_found) return not_found(id, version, uri, text);
  const Code code =
      error.kind == ErrorKind::invalid_argument ? Code::invalid_params : Code::internal_error;
  return error_reply(id, code, text, Fault::none, {{"uri", uri}, {"kind", to_string(error.kind)}});
}

std::string contents_text(const std::string& uri, const ResourceContents& contents) {
  std::string text = R"("contents":[{"uri":)" + jsonrpc::print_string(uri);
  text += R"(,"mimeType":)" + jsonrpc::print_string(contents.mime_type);
  text += contents.is_binary ? R"(,"blob":")" + base::encode_base64(contents.data) + "\""
                             : R"(,"text":)" + jsonrpc::print_string(contents.data);
  if (!contents.meta.is_null()) text += R"(,"_meta":)" + jsonrpc::print(contents.meta);
  return text + "}]";
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

// Work that ends in what `produce` returns, or in the error that says that it threw.
template <class Produce>
Work work_of(jsonrpc::Id id, std::string_view method, Produce produce) {
  const auto run = [id, method, produce = std::move(produce)](const RunContext& context) {
    try {
      return produce(id, context.stop);
    } catch (const std::exception& fault) {
      base::log_error(std::string(method) + " failed: " + fault.what());
    } catch (...) {
      base::log_error(std::string(method) + " failed with an unknown exception");
    }
    return error_reply(id, Code::internal_error, "Internal error in " + std::string(method));
  };
  return Work{id, run, /*is_read_only=*/true};
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

Step read(const ResourceRegistry& resources, const jsonrpc::Request& request, const Caller& caller,
          ResourceRules rules) {
  const std::string* uri = find_text(request.params, "uri");
  if (uri == nullptr) return refuse(request.id, "resources/read needs a \"uri\"");
  auto found = resources.find(*uri);
  if (!found) {
    return not_found(request.id, rules.version, *uri,
                     "Unknown resource: " + base::clip(*uri, kMaxQuotedCharacters));
  }
  return work_of(request.id, "resources/read",
                 [found = *std::move(found), uri = *uri, caller, rules = std::move(rules)](
                     const jsonrpc::Id& id, const std::stop_token& stop) {
                   const auto contents = found.read({uri, found.variables, caller, stop});
                   if (!contents) return refuse_read(id, rules.version, uri, contents.error());
                   return result_reply(id,
                                       rules.project(contents_text(uri, *contents), &found.cache));
                 });
}

Step complete(const ResourceRegistry& resources, const jsonrpc::Request& request,
              const Caller& caller, ResourceRules rules) {
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
  const std::string* uri = *type == "ref/resource" ? find_text(*ref, "uri") : nullptr;
  const auto made = uri != nullptr ? resources.find_template(*uri) : std::nullopt;
  if (!made) return refuse(request.id, "Unknown ref: nothing of that name is completed here");
  if (std::find(made->variables.begin(), made->variables.end(), *name) == made->variables.end()) {
    return refuse(request.id, base::clip(*name, kMaxQuotedCharacters) + " is no variable of " +
                                  base::clip(*uri, kMaxQuotedCharacters));
  }
  if (!made->complete) {
    return result_reply(request.id, rules.project(completion_text({}), nullptr));
  }
  return work_of(request.id, "completion/complete",
                 [&completer = made->complete, name = *name, value = *value, caller,
                  rules = std::move(rules)](const jsonrpc::Id& id, const std::stop_token& stop) {
                   auto completion = completer({name, value, caller, stop});
                   if (!completion) {
                     return error_reply(id, Code::internal_error, sentence_of(completion.error()));
                   }
                   return result_reply(
                       id, rules.project(completion_text(*std::move(completion)), nullptr));
                 });
}

Step list(const jsonrpc::Request& request, const ResourceRules& rules, std::string_view member,
          const std::string& listing) {
  if (auto refused = refuse_cursor(request)) return *std::move(refused);
  std::string members = jsonrpc::print_string(member) + ":" + listing;
  return result_reply(request.id, rules.project(members, &kLists));
}

}  // namespace

std::optional<Step> serve_resources(const ResourceRegistry& resources, jsonrpc::Request& request,
                                    const Caller& caller, ResourceRules rules) {
  if (resources.empty()) return std::nullopt;
  if (request.method == "resources/read") return read(resources, request, caller, std::move(rules));
  if (request.method == "completion/complete") {
    return complete(resources, request, caller, std::move(rules));
  }
  if (request.method == "resources/list") {
    return list(request, rules, "resources", resources.listing());
  }
  if (request.method == "resources/templates/list") {
    return list(request, rules, "resourceTemplates", resources.template_listing());
  }
  return std::nullopt;
}

void declare_resources(const ResourceRegistry& resources, Version version, Json& capabilities) {
  if (resources.empty()) return;
  capabilities["resources"] = Json::object();
  if (has_completions_capability(version)) capabilities["completions"] = Json::object();
}

}  // namespace motion_mcp::mcp
