#include "sandbox/http.h"

#include "base/json_value.h"
#include "base/text.h"

namespace motion_mcp::sandbox {

Reply json_reply(int status, const Json& body) {
  return {status, "application/json; charset=utf-8", {}, body.dump()};
}

std::string_view bearer_key(const Request& request, std::string_view prefix) {
  constexpr std::string_view kScheme = "bearer ";
  if (!request.authorization) return {};
  std::string_view value = *request.authorization;
  if (base::to_lower_ascii(value.substr(0, kScheme.size())) != kScheme) return {};
  value.remove_prefix(kScheme.size());
  const bool is_key = value.starts_with(prefix) && value.size() > prefix.size();
  return is_key ? value : std::string_view{};
}

std::optional<Json> json_body(const Request& request) {
  constexpr std::string_view kJsonType = "application/json";
  const std::string type = base::to_lower_ascii(request.content_type.value_or(""));
  if (type.substr(0, type.find_first_of("; ")) != kJsonType) return Json::object();
  Json body = Json::parse(request.body, nullptr, /*allow_exceptions=*/false);
  if (body.is_discarded()) return std::nullopt;
  return body;
}

Reply method_not_allowed(std::string allowed) {
  Reply reply = json_reply(405, {{"error", "Method not allowed"}});
  reply.headers.emplace_back("Allow", std::move(allowed));
  return reply;
}

}  // namespace motion_mcp::sandbox
