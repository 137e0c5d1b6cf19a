#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "jsonrpc/message.h"

namespace motion_mcp::mcp {

// What a request of the per-request era says a second time in its HTTP headers, so that proxies can
// route it without reading the body (MCP 2026-07-28 "Streamable HTTP", "Standard Request Headers").
// Values without the blanks around them; nullopt when the header is missing.
struct HeaderMirror {
  std::optional<std::string> protocol_version;  // MCP-Protocol-Version
  std::optional<std::string> method;            // Mcp-Method
  std::optional<std::string> name;              // Mcp-Name
  // Any other header, by its name; empty when there are none. Asked while the request is accepted.
  std::function<std::optional<std::string>(std::string_view name)> find = {};
};

// What the headers say otherwise than the body, in one sentence; nullopt when they agree. The
// version is judged apart, because it comes before the question whether it is supported.
std::optional<std::string> version_mismatch(const HeaderMirror& mirror,
                                            std::string_view body_version);
std::optional<std::string> method_mismatch(const HeaderMirror& mirror,
                                           const jsonrpc::Request& request);
// A value of the parameters, or null, that the header `name` repeats ("Custom Headers from Tool
// Parameters"). The header and the value are there both or neither.
std::optional<std::string> value_mismatch(const HeaderMirror& mirror, const std::string& name,
                                          const Json& value);

}  // namespace motion_mcp::mcp
