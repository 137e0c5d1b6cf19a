#include "mcp/resource_methods.h"

#include <utility>

#include "base/base64.h"
#include "base/text.h"
#include "mcp/guarded_work.h"
#include "mcp/list_page.h"

namespace motion_mcp::mcp {
namespace {

using jsonrpc::Code;

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

const std::string* find_text(const Json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_string() ? &member->get_ref<const std::string&>()
                                                       : nullptr;
}

Step read(const ResourceRegistry& resources, const jsonrpc::Request& request, const Caller& caller,
          const EraRules& rules) {
  const std::string* uri = find_text(request.params, "uri");
  if (uri == nullptr) return refuse(request.id, "resources/read needs a \"uri\"");
  auto found = resources.find(*uri);
  if (!found) {
    return not_found(request.id, rules.version, *uri,
                     "Unknown resource: " + base::clip(*uri, kMaxQuotedCharacters));
  }
  return read_only_work(
      request.id, "resources/read",
      [found = *std::move(found), uri = *uri, caller, rules](const jsonrpc::Id& id,
                                                             const RunContext& context) {
        const auto contents = found.read({uri, found.variables, caller, context.stop});
        if (!contents) return refuse_read(id, rules.version, uri, contents.error());
        return result_reply(id, rules.project(contents_text(uri, *contents), &found.cache));
      });
}

Step list(const jsonrpc::Request& request, const EraRules& rules, std::string_view member,
          const std::string& listing) {
  if (auto refused = refuse_cursor(request)) return *std::move(refused);
  std::string members = jsonrpc::print_string(member) + ":" + listing;
  return result_reply(request.id, rules.project(members, &kListCache));
}

}  // namespace

std::optional<Step> serve_resources(const ResourceRegistry& resources, jsonrpc::Request& request,
                                    const Caller& caller, const EraRules& rules) {
  if (resources.empty()) return std::nullopt;
  if (request.method == "resources/read") return read(resources, request, caller, rules);
  if (request.method == "resources/list") {
    return list(request, rules, "resources", resources.listing());
  }
  if (request.method == "resources/templates/list") {
    return list(request, rules, "resourceTemplates", resources.template_listing());
  }
  return std::nullopt;
}

}  // namespace motion_mcp::mcp
