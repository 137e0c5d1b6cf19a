#include "mcp/era_per_request.h"

#include "base/text.h"
#include "mcp/extension.h"
#include "mcp/list_page.h"
#include "mcp/listen.h"
#include "mcp/tool_call.h"

namespace motion_mcp::mcp {
namespace {

using jsonrpc::Code;

constexpr const char* kVersionKey = "io.modelcontextprotocol/protocolVersion";
constexpr const char* kCapabilitiesKey = "io.modelcontextprotocol/clientCapabilities";
constexpr const char* kLogLevelKey = "io.modelcontextprotocol/logLevel";
constexpr const char* kServerInfoKey = "io.modelcontextprotocol/serverInfo";

const Json* find_meta(const Json& params) {
  const auto meta = params.find("_meta");
  return meta != params.end() && meta->is_object() ? &*meta : nullptr;
}

std::optional<Reply> refuse_envelope(const jsonrpc::Request& request) {
  const Json& meta = *find_meta(request.params);
  const auto refuse = [&](std::string_view why) {
    return error_reply(request.id, Code::invalid_params, why, Fault::bad_request);
  };
  const Json& version = meta.at(kVersionKey);
  if (!version.is_string()) {
    return refuse("_meta[\"io.modelcontextprotocol/protocolVersion\"] must be a string");
  }
  const auto capabilities = meta.find(kCapabilitiesKey);
  if (capabilities == meta.end() || !capabilities->is_object()) {
    return refuse("_meta[\"io.modelcontextprotocol/clientCapabilities\"] must be an object");
  }
  return std::nullopt;
}

Json supported_versions() {
  Json versions = Json::array();
  for (const Version version : kPerRequestVersions) versions.push_back(to_string(version));
  return versions;
}

std::optional<Reply> refuse_version(const jsonrpc::Request& request) {
  const auto& asked = find_meta(request.params)->at(kVersionKey).get_ref<const std::string&>();
  const auto known = parse_version(asked);
  if (known && !has_handshake(*known)) return std::nullopt;
  return error_reply(request.id, Code::unsupported_protocol_version,
                     "Unsupported protocol version: " + base::clip(asked, 40), Fault::bad_request,
                     {{"supported", supported_versions()}, {"requested", base::clip(asked, 40)}});
}

// The level of the messages that the request asks for; nullopt when it asks for none.
std::optional<LogLevel> log_level_of(const Json& params) {
  const Json& meta = *find_meta(params);
  const auto level = meta.find(kLogLevelKey);
  if (level == meta.end() || !level->is_string()) return std::nullopt;
  return parse_log_level(level->get_ref<const std::string&>());
}

Reply refuse_header(const jsonrpc::Request& request, std::string_view why) {
  return error_reply(request.id, Code::header_mismatch, why, Fault::bad_request);
}

// Null where there is none. A value of another shape than the schema's is the schema's to refuse.
Json argument_at(const Json& arguments, const Json::json_pointer& where) {
  return arguments.contains(where) ? arguments.at(where) : Json();
}

// The arguments of a call that its headers must repeat.
std::optional<std::string> argument_mismatch(const HeaderMirror& headers,
                                             const jsonrpc::Request& request,
                                             const ToolRegistry& tools) {
  const auto name = request.params.find("name");
  if (name == request.params.end() || !name->is_string()) return std::nullopt;
  const RegisteredTool* tool = tools.find(name->get_ref<const std::string&>());
  if (tool == nullptr || tool->mirrored.empty()) return std::nullopt;
  const auto given = request.params.find("arguments");
  const Json arguments = given != request.params.end() ? *given : Json();
  if (!arguments.is_object() && !arguments.is_null()) return std::nullopt;
  for (const MirroredArgument& argument : tool->mirrored) {
    const Json value = argument_at(arguments, argument.where);
    if (auto why = value_mismatch(headers, argument.header, value)) return why;
  }
  return std::nullopt;
}

// In the order that clients rely on: a version that the headers contradict is a mismatch before it
// is an unsupported one (conformance suite, server-stateless).
std::optional<Reply> refuse_request(const jsonrpc::Request& request,
                                    const std::optional<HeaderMirror>& headers) {
  if (auto refused = refuse_envelope(request)) return refused;
  if (headers) {
    const auto& version = find_meta(request.params)->at(kVersionKey);
    if (const auto why = version_mismatch(*headers, version.get_ref<const std::string&>())) {
      return refuse_header(request, *why);
    }
  }
  if (auto refused = refuse_version(request)) return refused;
  if (headers) {
    if (const auto why = method_mismatch(*headers, request)) return refuse_header(request, *why);
  }
  return std::nullopt;
}

}  // namespace

bool claims_version(const Json& params) {
  const Json* meta = find_meta(params);
  return meta != nullptr && meta->contains(kVersionKey);
}

PerRequestEra::PerRequestEra(const ServerInfo& info, const Catalog& catalog,
                             const RequestState& state,
                             std::shared_ptr<const base::SealKeySource> seal_keys,
                             const base::Clock& clock)
    : info_(info),
      catalog_(catalog),
      state_(state),
      meta_({{kServerInfoKey,
              {{"name", info.name}, {"title", info.title}, {"version", info.version}}}}),
      meta_text_(jsonrpc::print(meta_)),
      clock_(clock),
      tasks_(catalog.tools, std::move(seal_keys), clock,
             {[this](const ToolResult& result) { return project(result); }, meta_}) {}

Step PerRequestEra::serve(jsonrpc::Request request, const Connection& connection,
                          const Caller& caller) const {
  if (auto refused = refuse_request(request, connection.headers)) return *std::move(refused);
  if (request.method == "tools/call") return call(std::move(request), connection.headers, caller);
  if (request.method == "tools/list") return list_tools(request, caller);
  if (request.method == "server/discover") return discover(request, caller);
  const Json& capabilities = request.params["_meta"][kCapabilitiesKey];
  if (request.method == "subscriptions/listen") {
    return listen(request, capabilities, caller, {tasks_, catalog_, meta_, clock_});
  }
  if (tasks_.has(request.method)) return tasks_.serve(request, capabilities, caller);
  const auto project_it = [this](std::string_view members, const CacheHint* cache) {
    return project_members(members, cache);
  };
  const EraRules rules{kNewest, project_it, rounds_for(capabilities)};
  if (auto step = catalog_.serve(request, caller, rules)) return *std::move(step);
  return error_reply(request.id, Code::method_not_found, "Method not found: " + request.method,
                     Fault::unknown_method);
}

RoundRules PerRequestEra::rounds_for(const Json& capabilities) const {
  return {capabilities, &state_, [this](const InputRequired& input, std::string_view sealed_state) {
            return project_input(input, sealed_state);
          }};
}

Step PerRequestEra::call(jsonrpc::Request request, const std::optional<HeaderMirror>& headers,
                         const Caller& caller) const {
  if (headers) {
    const auto why = argument_mismatch(*headers, request, catalog_.tools);
    if (why) return refuse_header(request, *why);
  }
  const Json& capabilities = request.params["_meta"][kCapabilitiesKey];
  CallRules rules;
  rules.rounds = rounds_for(capabilities);
  rules.project = [this](const ToolResult& result) { return project(result); };
  if (catalog_.has_logging) rules.log_level = log_level_of(request.params);
  if (declares(capabilities, kTasksExtension)) {
    rules.project_task = [this](const RegisteredTool& tool, const StartedTask& task,
                                const Caller& starter) {
      return tasks_.begin(tool, task, starter);
    };
    // Pages are fed by a call's plain answer.
    rules.prefers_plain_answer = declares(capabilities, kAppsExtension);
  }
  return call_tool(catalog_.tools, std::move(request), caller, std::move(rules));
}

Step PerRequestEra::discover(const jsonrpc::Request& request, const Caller& caller) const {
  Json capabilities = catalog_.capabilities(kNewest, /*tells_changes=*/true);
  Json extensions = Json::object();
  if (catalog_.tools.has_tasks()) extensions[kTasksExtension] = Json::object();
  if (catalog_.has_apps) extensions[kAppsExtension] = apps_settings();
  if (!extensions.empty()) capabilities["extensions"] = std::move(extensions);
  const Json result = {
      {"resultType", "complete"},
      {"supportedVersions", supported_versions()},
      {"capabilities", std::move(capabilities)},
      {"instructions", instructions_for(info_, caller)},
      {"ttlMs", kListCache.ttl.count()},
      {"cacheScope", catalog_.tools.has_own_listing(caller) ? "private" : "public"},
      {"_meta", {{kServerInfoKey, implementation_json(info_)}}},
  };
  return result_reply(request.id, jsonrpc::print(result));
}

Step PerRequestEra::list_tools(const jsonrpc::Request& request, const Caller& caller) const {
  if (auto refused = refuse_cursor(request)) return *std::move(refused);
  // What everybody sees may be kept for everybody; more than that is this caller's alone.
  CacheHint cache = kListCache;
  cache.is_private = catalog_.tools.has_own_listing(caller);
  return result_reply(request.id,
                      project_members(R"("tools":)" + catalog_.tools.listing(caller), &cache));
}

std::string PerRequestEra::project(const ToolResult& result) const {
  std::string text = R"({"resultType":"complete","content":)" + jsonrpc::print(result.content);
  if (result.structured_content) {
    text += R"(,"structuredContent":)" + jsonrpc::print(*result.structured_content);
  }
  if (result.is_error) text += R"(,"isError":true)";
  text += R"(,"_meta":)" + meta_text_;
  if (result.meta.is_object()) {
    text.pop_back();
    for (const auto& [key, value] : result.meta.get_ref<const Json::object_t&>()) {
      text += "," + jsonrpc::print_string(key) + ":" + jsonrpc::print(value);
    }
    text += "}";
  }
  return text + "}";
}

std::string PerRequestEra::project_members(std::string_view members, const CacheHint* cache) const {
  std::string text = R"({"resultType":"complete",)" + std::string(members);
  if (cache != nullptr) {
    text += R"(,"ttlMs":)" + std::to_string(cache->ttl.count()) + R"(,"cacheScope":)";
    text += cache->is_private ? R"("private")" : R"("public")";
  }
  return text + R"(,"_meta":)" + meta_text_ + "}";
}

std::string PerRequestEra::project_input(const InputRequired& input,
                                         std::string_view sealed_state) const {
  Json requests = Json::object();
  for (const auto& [key, request] : input.requests) {
    requests[key] = {{"method", request.method}, {"params", request.params}};
  }
  return R"({"resultType":"input_required","inputRequests":)" + jsonrpc::print(requests) +
         R"(,"requestState":)" + jsonrpc::print_string(sealed_state) + R"(,"_meta":)" + meta_text_ +
         "}";
}

}  // namespace motion_mcp::mcp
