#include "app/tool_outcome.h"

#include <utility>

#include "mcp/tool.h"

namespace motion_mcp::app {

std::string string_at(const Json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto member = object.find(key);
  return member != object.end() && member->is_string() ? member->get<std::string>() : "";
}

namespace {

ErrorKind kind_named(std::string_view name) {
  for (int value = 0; value <= static_cast<int>(ErrorKind::internal); ++value) {
    if (to_string(static_cast<ErrorKind>(value)) == name) return static_cast<ErrorKind>(value);
  }
  return ErrorKind::internal;
}

std::string text_of(const Json& content) {
  std::string text;
  if (!content.is_array()) return text;
  for (const Json& block : content) {
    if (string_at(block, "type") != "text") continue;
    text.append(text.empty() ? "" : "\n").append(string_at(block, "text"));
  }
  return text;
}

// get_motion_asset's, whose url is the asset and the way to ask for it.
bool is_asset(const Json& structured) {
  return !string_at(structured, "stage").empty() && !string_at(structured, "url").empty();
}

}  // namespace

JobReference ToolOutcome::job() const {
  const std::string run_id = string_at(structured, "run_id");
  if (!run_id.empty()) return {"get_clip_status", "run_id", run_id};
  if (is_asset(structured)) return {"get_motion_asset", "url", string_at(structured, "url")};
  const std::string id = string_at(structured, "job_id");
  return {"get_video_status", "job_id", id.empty() ? string_at(facts, "job_id") : id};
}

std::string ToolOutcome::video_link() const {
  if (!structured.is_object()) return {};
  if (is_asset(structured)) return is_ready() ? string_at(structured, "url") : "";
  for (const Json& output : structured.value("outputs", Json::array())) {
    if (std::string link = string_at(output, "video_url"); !link.empty()) return link;
  }
  return string_at(structured.value("output", Json()), "download_url");
}

bool ToolOutcome::is_ready() const {
  return structured.is_object() && structured.value("ready", Json()) == true;
}

std::optional<std::chrono::seconds> ToolOutcome::poll_after() const {
  if (!structured.is_object()) return std::nullopt;
  const auto seconds = structured.find("poll_after_seconds");
  if (seconds == structured.end() || !seconds->is_number_integer()) return std::nullopt;
  return std::chrono::seconds(seconds->get<int>());
}

Result<ToolOutcome> call_tool(McpClient& client, std::string_view tool, Json arguments,
                              const std::stop_token& stop) {
  Json params = {{"name", tool}, {"arguments", std::move(arguments)}};
  const Json result = TRY(client.request("tools/call", std::move(params), stop));
  ToolOutcome outcome;
  outcome.structured = result.value("structuredContent", Json());
  outcome.text = text_of(result.value("content", Json()));
  outcome.is_error = result.value("isError", Json()) == true;
  outcome.facts = result.value("_meta", Json::object()).value(mcp::kErrorMeta, Json());
  if (outcome.facts.is_object()) outcome.kind = kind_named(string_at(outcome.facts, "kind"));
  return outcome;
}

}  // namespace motion_mcp::app
