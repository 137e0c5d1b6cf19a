#include "mcp/era_handshake.h"

#include "mcp/extension.h"
#include "mcp/list_page.h"
#include "mcp/tool_call.h"

namespace motion_mcp::mcp {
namespace {

using jsonrpc::Code;

std::string print_content(const Json& content, Version version) {
  if (has_resource_links(version)) return jsonrpc::print(content);
  Json kept = Json::array();
  for (const Json& item : content) {
    const bool is_known =
        item.at("type") != "resource_link" && (item.at("type") != "audio" || has_audio(version));
    if (is_known) kept.push_back(item);
  }
  return jsonrpc::print(kept);
}

std::string project(const ToolResult& result, Version version) {
  std::string text = R"({"content":)" + print_content(result.content, version);
  if (result.structured_content && has_structured_content(version)) {
    text += R"(,"structuredContent":)" + jsonrpc::print(*result.structured_content);
  }
  if (result.is_error) text += R"(,"isError":true)";
  if (!result.meta.is_null()) text += R"(,"_meta":)" + jsonrpc::print(result.meta);
  return text + "}";
}

std::string project_members(std::string_view members, const CacheHint* /*unused*/) {
  return "{" + std::string(members) + "}";
}

// resources/subscribe and resources/unsubscribe, where changes are told; nullopt for the rest.
std::optional<Step> serve_subscription(const jsonrpc::Request& request,
                                       const Connection& connection) {
  const bool subscribes = request.method == "resources/subscribe";
  if (!subscribes && request.method != "resources/unsubscribe") return std::nullopt;
  if (connection.changes == nullptr) return std::nullopt;
  const auto uri = request.params.find("uri");
  if (uri == request.params.end() || !uri->is_string()) {
    return error_reply(request.id, Code::invalid_params, request.method + " needs a \"uri\"");
  }
  if (subscribes) {
    connection.changes->subscribe(uri->get<std::string>());
  } else {
    connection.changes->unsubscribe(uri->get<std::string>());
  }
  return result_reply(request.id, "{}");
}

}  // namespace

Step HandshakeEra::serve(jsonrpc::Request request, Connection& connection,
                         const Caller& caller) const {
  const Version version = connection.negotiated.value_or(kNewestWithHandshake);
  if (request.method == "tools/call") {
    CallRules rules;
    rules.rounds.capabilities = connection.client_capabilities;
    if (catalog_.has_logging) rules.log_level = connection.log_level;
    rules.project = [version](const ToolResult& result) { return project(result, version); };
    return call_tool(catalog_.tools, std::move(request), caller, std::move(rules));
  }
  if (request.method == "tools/list") return list_tools(request, version, caller);
  if (request.method == "initialize") return initialize(request, connection, caller);
  if (request.method == "ping") return result_reply(request.id, "{}");
  if (request.method == "logging/setLevel") return set_log_level(request, connection);
  if (auto step = serve_subscription(request, connection)) return *std::move(step);
  const EraRules rules{version, project_members, {connection.client_capabilities, nullptr, {}}};
  if (auto step = catalog_.serve(request, caller, rules)) return *std::move(step);
  return error_reply(request.id, Code::method_not_found, "Method not found: " + request.method);
}

Step HandshakeEra::initialize(const jsonrpc::Request& request, Connection& connection,
                              const Caller& caller) const {
  const auto asked = request.params.find("protocolVersion");
  if (asked == request.params.end() || !asked->is_string()) {
    return error_reply(request.id, Code::invalid_params, "initialize needs a \"protocolVersion\"");
  }
  // A version of the other era, or one we do not know, is answered with the newest of this one.
  const auto known = parse_version(asked->get_ref<const std::string&>());
  const Version version = known && has_handshake(*known) ? *known : kNewestWithHandshake;
  connection.negotiated = version;
  const auto declared = request.params.find("capabilities");
  connection.client_capabilities =
      declared != request.params.end() && declared->is_object() ? *declared : Json::object();

  const bool tells_changes = connection.outlet != nullptr && catalog_.changes != nullptr;
  if (tells_changes) {
    connection.changes = std::make_shared<ConnectionChanges>(catalog_.changes, connection.outlet);
  }
  Json capabilities = catalog_.capabilities(version, tells_changes);
  // These versions know no extensions: only who declares one has heard of them.
  if (catalog_.has_apps && declares(connection.client_capabilities, kAppsExtension)) {
    capabilities["extensions"] = {{kAppsExtension, apps_settings()}};
  }
  const Json result = {
      {"protocolVersion", to_string(version)},
      {"capabilities", std::move(capabilities)},
      {"serverInfo", implementation_json(info_)},
      {"instructions", instructions_for(info_, caller)},
  };
  return result_reply(request.id, jsonrpc::print(result));
}

Step HandshakeEra::list_tools(const jsonrpc::Request& request, Version version,
                              const Caller& caller) const {
  if (auto refused = refuse_cursor(request)) return *std::move(refused);
  const std::string& tools = has_structured_content(version)
                                 ? catalog_.tools.listing(caller)
                                 : catalog_.tools.listing_without_output(caller);
  return result_reply(request.id, R"({"tools":)" + tools + "}");
}

// A server that tells nothing says yes all the same: some clients send it without looking.
Step HandshakeEra::set_log_level(const jsonrpc::Request& request, Connection& connection) const {
  const auto word = request.params.find("level");
  const auto level = word != request.params.end() && word->is_string()
                         ? parse_log_level(word->get_ref<const std::string&>())
                         : std::nullopt;
  if (level) connection.log_level = *level;
  if (level || !catalog_.has_logging) return result_reply(request.id, "{}");
  return error_reply(request.id, Code::invalid_params,
                     "logging/setLevel needs a \"level\" from debug to emergency");
}

}  // namespace motion_mcp::mcp
