#include "mcp/header_mirror.h"

#include <array>
#include <utility>

#include "base/base64.h"
#include "base/text.h"

namespace motion_mcp::mcp {
namespace {

constexpr std::size_t kMaxQuotedCharacters = 60;

// Which member of the parameters Mcp-Name repeats.
const char* named_member(std::string_view method) {
  constexpr std::array<std::pair<std::string_view, const char*>, 6> kMembers = {{
      {"tools/call", "name"},
      {"prompts/get", "name"},
      {"resources/read", "uri"},
      {"tasks/get", "taskId"},
      {"tasks/update", "taskId"},
      {"tasks/cancel", "taskId"},
  }};
  for (const auto& [name, member] : kMembers) {
    if (name == method) return member;
  }
  return nullptr;
}

// "=?base64?<base64 of UTF-8>?=" carries what a header cannot; anything else stands for itself.
// Nullopt when the wrapping is there and what it wraps is not base64.
std::optional<std::string> unwrap(std::string_view value) {
  constexpr std::string_view kOpen = "=?base64?";
  constexpr std::string_view kClose = "?=";
  if (!value.starts_with(kOpen) || !value.ends_with(kClose) ||
      value.size() < kOpen.size() + kClose.size()) {
    return std::string(value);
  }
  value.remove_prefix(kOpen.size());
  value.remove_suffix(kClose.size());
  return base::decode_base64(value);
}

std::string says(std::string_view header, const std::optional<std::string>& value,
                 std::string_view body) {
  const std::string quoted = "\"" + base::clip(body, kMaxQuotedCharacters) + "\"";
  if (!value) return "The " + std::string(header) + " header is missing; the body says " + quoted;
  return "The " + std::string(header) + " header says \"" +
         base::clip(*value, kMaxQuotedCharacters) + "\", the body " + quoted;
}

}  // namespace

std::optional<std::string> version_mismatch(const HeaderMirror& mirror,
                                            std::string_view body_version) {
  if (mirror.protocol_version == body_version) return std::nullopt;
  return says("MCP-Protocol-Version", mirror.protocol_version, body_version);
}

std::optional<std::string> method_mismatch(const HeaderMirror& mirror,
                                           const jsonrpc::Request& request) {
  if (mirror.method != request.method) return says("Mcp-Method", mirror.method, request.method);
  const char* member = named_member(request.method);
  if (member == nullptr) return std::nullopt;
  const auto value = request.params.find(member);
  // A parameter that is missing or not a string is the method's to refuse.
  if (value == request.params.end() || !value->is_string()) return std::nullopt;
  const auto& body = value->get_ref<const std::string&>();
  if (mirror.name && unwrap(*mirror.name) == body) return std::nullopt;
  return says("Mcp-Name", mirror.name, body);
}

std::optional<std::string> value_mismatch(const HeaderMirror& mirror, const std::string& name,
                                          const Json& value) {
  const auto given = mirror.find ? mirror.find(name) : std::nullopt;
  if (value.is_null()) {
    if (!given) return std::nullopt;
    return "The " + name + " header is there, and the body has no such argument";
  }
  const std::string body = value.is_string() ? value.get<std::string>() : jsonrpc::print(value);
  if (given && unwrap(*given) == body) return std::nullopt;
  return says(name, given, body);
}

}  // namespace motion_mcp::mcp
