#include "mcp/era_handshake.h"

#include "mcp/list_page.h"
#include "mcp/tool_call.h"

namespace motion_mcp::mcp {
namespace {

using jsonrpc::Code;
using jsonrpc::print_error;
using jsonrpc::print_result;

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

}  // namespace

Step HandshakeEra::serve(jsonrpc::Request request, Connection& connection,
                         const Caller& caller) const {
  if (request.method == "tools/call") {
    const Version version = connection.negotiated.value_or(kNewestWithHandshake);
    CallRules rules;
    rules.capabilities = connection.client_capabilities;
    rules.project = [version](const ToolResult& result) { return project(result, version); };
    return call_tool(tools_, std::move(request), caller, std::move(rules));
  }
  if (request.method == "tools/list") return list_tools(request);
  if (request.method == "initialize") return initialize(request, connection);
  if (request.method == "ping") return Reply{print_result(request.id, "{}")};
  // The capability is not declared, but some clients send it without looking.
  if (request.method == "logging/setLevel") return Reply{print_result(request.id, "{}")};
  return Reply{print_error(request.id, Code::method_not_found,
                           "Method not found: " + request.method, nullptr)};
}

Step HandshakeEra::initialize(const jsonrpc::Request& request, Connection& connection) const {
  const auto asked = request.params.find("protocolVersion");
  if (asked == request.params.end() || !asked->is_string()) {
    return Reply{print_error(request.id, Code::invalid_params,
                             "initialize needs a \"protocolVersion\"", nullptr)};
  }
  // A version of the other era, or one we do not know, is answered with the newest of this one.
  const auto known = parse_version(asked->get_ref<const std::string&>());
  const Version version = known && has_handshake(*known) ? *known : kNewestWithHandshake;
  connection.negotiated = version;
  const auto capabilities = request.params.find("capabilities");
  connection.client_capabilities = capabilities != request.params.end() && capabilities->is_object()
                                       ? *capabilities
                                       : Json::object();

  const Json result = {
      {"protocolVersion", to_string(version)},
      {"capabilities", {{"tools", Json::object()}}},
      {"serverInfo",
       {{"name", info_.name},
        {"title", info_.title},
        {"version", info_.version},
        {"websiteUrl", info_.website_url}}},
      {"instructions", info_.instructions},
  };
  return Reply{print_result(request.id, jsonrpc::print(result))};
}

Step HandshakeEra::list_tools(const jsonrpc::Request& request) const {
  if (auto refused = refuse_cursor(request)) return *std::move(refused);
  return Reply{print_result(request.id, R"({"tools":)" + tools_.listing() + "}")};
}

}  // namespace motion_mcp::mcp
