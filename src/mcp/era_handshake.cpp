#include "mcp/era_handshake.h"

#include "mcp/list_page.h"
#include "mcp/resource_methods.h"
#include "mcp/tool_call.h"

namespace motion_mcp::mcp {
namespace {

using jsonrpc::Code;

std::string print_content(const Json& content, Version version) {
  if (has_resource_links(version)) return jsonrpc::print(content);
  Json kept = Json::array();
  for (const Json& item : content) {
    if (item.at("type") != "resource_link") kept.push_back(item);
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

}  // namespace

Step HandshakeEra::serve(jsonrpc::Request request, Connection& connection,
                         const Caller& caller) const {
  const Version version = connection.negotiated.value_or(kNewestWithHandshake);
  if (request.method == "tools/call") {
    CallRules rules;
    rules.capabilities = connection.client_capabilities;
    rules.project = [version](const ToolResult& result) { return project(result, version); };
    return call_tool(tools_, std::move(request), caller, std::move(rules));
  }
  if (request.method == "tools/list") return list_tools(request);
  if (request.method == "initialize") return initialize(request, connection);
  if (request.method == "ping") return result_reply(request.id, "{}");
  if (auto step = serve_resources(resources_, request, caller, {version, project_members})) {
    return *std::move(step);
  }
  // The capability is not declared, but some clients send it without looking.
  if (request.method == "logging/setLevel") return result_reply(request.id, "{}");
  return error_reply(request.id, Code::method_not_found, "Method not found: " + request.method);
}

Step HandshakeEra::initialize(const jsonrpc::Request& request, Connection& connection) const {
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

  Json capabilities = {{"tools", Json::object()}};
  declare_resources(resources_, version, capabilities);
  const Json result = {
      {"protocolVersion", to_string(version)},
      {"capabilities", std::move(capabilities)},
      {"serverInfo",
       {{"name", info_.name},
        {"title", info_.title},
        {"version", info_.version},
        {"websiteUrl", info_.website_url}}},
      {"instructions", info_.instructions},
  };
  return result_reply(request.id, jsonrpc::print(result));
}

Step HandshakeEra::list_tools(const jsonrpc::Request& request) const {
  if (auto refused = refuse_cursor(request)) return *std::move(refused);
  return result_reply(request.id, R"({"tools":)" + tools_.listing() + "}");
}

}  // namespace motion_mcp::mcp
