#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "app/mcp_client.h"
#include "base/error.h"
#include "base/json_value.h"

namespace motion_mcp::app {

// A job that a call tells of, and how to look at it.
struct JobReference {
  std::string_view status_tool;
  std::string id_name;  // of the status tool's argument
  std::string id;       // empty when the call tells of none
};

// What a tools/call came to, as a client reads it (MCP "Calling Tools").
struct ToolOutcome {
  Json structured;   // structuredContent; null when there is none
  std::string text;  // the text blocks, joined
  bool is_error = false;
  // Of a failed call: tools/error_result puts them into `_meta`. A call that was refused before it
  // reached the tool says nothing there: its arguments were wrong.
  ErrorKind kind = ErrorKind::invalid_argument;
  Json facts;  // the whole of `_meta["motion-mcp/error"]`; null when there is none

  [[nodiscard]] JobReference job() const;
  // The video's link once it is ready; empty when there is none.
  [[nodiscard]] std::string video_link() const;
  [[nodiscard]] bool is_ready() const;
  // How long to wait before looking again; nullopt once looking again shows nothing new.
  [[nodiscard]] std::optional<std::chrono::seconds> poll_after() const;
};

// The string member `key`, or empty when there is none.
std::string string_at(const Json& object, const char* key);

// One tools/call; see McpClient::request for its errors. A tool's own failure is an outcome.
Result<ToolOutcome> call_tool(McpClient& client, std::string_view tool, Json arguments,
                              const std::stop_token& stop);

}  // namespace motion_mcp::app
