#pragma once

// Three small tools that stand in for real ones in the tests of the protocol.

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "jsonrpc/message.h"
#include "mcp/server.h"

namespace motion_mcp::test {

inline constexpr std::string_view kEchoDefinition = R"({
  "name": "echo", "title": "Echo", "description": "Says it again.",
  "inputSchema": {"type": "object", "additionalProperties": false, "required": ["text"],
    "properties": {
      "text": {"type": "string", "minLength": 1, "maxLength": 5},
      "mode": {"type": "string", "enum": ["loud", "quiet"]},
      "times": {"type": "integer", "minimum": 1, "maximum": 3},
      "style": {"anyOf": [{"type": "string", "maxLength": 4},
        {"type": "object", "required": ["content"], "additionalProperties": false,
         "properties": {"content": {"type": "string"}}}]},
      "parts": {"type": "array", "maxItems": 2, "items": {"type": "object", "required": ["url"],
        "properties": {"url": {"type": "string", "maxLength": 3}}}}}}})";

inline constexpr std::string_view kFailDefinition =
    R"({"name": "fail", "inputSchema": {"type": "object"}})";

inline constexpr std::string_view kThrowDefinition =
    R"({"name": "throw", "inputSchema": {"type": "object"}})";

inline mcp::ToolResult echo(const mcp::ToolCall& call) {
  call.progress({1, 2, "half"});
  call.progress({1, 2, "not rising"});
  mcp::ToolResult result;
  const auto& text = call.arguments.at("text").get_ref<const std::string&>();
  result.content.push_back(mcp::text_content(text));
  result.content.push_back(
      mcp::resource_link_content({"https://example.org/v.mp4", "v.mp4", "The video", "video/mp4"}));
  result.structured_content = Json{{"text", text}};
  return result;
}

inline mcp::ToolResult fail(const mcp::ToolCall&) {
  mcp::ToolResult result;
  result.content.push_back(mcp::text_content("no luck"));
  result.is_error = true;
  result.meta = Json{{"motion-mcp/error", {{"kind", "internal"}}}};
  return result;
}

// Lets all texts pass but two.
inline std::optional<mcp::ToolResult> check_echo(const Json& arguments) {
  const auto& text = arguments.at("text").get_ref<const std::string&>();
  if (text == "throw") throw std::runtime_error("secret");
  if (text != "never") return std::nullopt;
  mcp::ToolResult refusal;
  refusal.content.push_back(mcp::text_content("this is never said"));
  refusal.is_error = true;
  return refusal;
}

inline std::vector<mcp::Tool> toy_tools() {
  return {{kEchoDefinition, {echo, check_echo}},
          {kFailDefinition, {fail}},
          {kThrowDefinition,
           {[](const mcp::ToolCall&) -> mcp::ToolResult { throw std::runtime_error("secret"); }}}};
}

inline mcp::ServerInfo toy_info() {
  return {"toy", "Toy", "1.2.3", "https://example.org", "Be kind."};
}

}  // namespace motion_mcp::test
