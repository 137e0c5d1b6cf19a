#include "tools/clip_result.h"

#include <optional>
#include <string>

#include "base/quote.h"
#include "mcp/content.h"
#include "tools/clip_words.h"
#include "tools/waiting.h"

namespace motion_mcp::tools {
namespace {

constexpr std::size_t kShownErrors = 5;

void put(Json& object, const char* key, const std::optional<std::string>& text) {
  if (text && !text->empty()) object[key] = *text;
}

std::string head_line(std::string_view message, std::string_view run_id, std::string_view status,
                      std::string_view state) {
  std::string line(message);
  line += "\nRun " + std::string(run_id) + ": status " + shown_text(std::string(status)) + ", " +
          std::string(state) + ".";
  return line;
}

Json outputs_json(const mosaic::Run& run) {
  Json outputs = Json::array();
  for (const mosaic::RunOutput& output : run.outputs) {
    Json shown = Json::object();
    put(shown, "id", output.id);
    put(shown, "video_url", output.video_url);
    put(shown, "thumbnail_url", output.thumbnail_url);
    put(shown, "completed_at", output.completed_at);
    outputs.push_back(std::move(shown));
  }
  return outputs;
}

Json errors_json(const mosaic::Run& run) {
  Json errors = Json::array();
  for (const std::string& error : run.errors) {
    if (errors.size() == kShownErrors) break;
    const std::string shown = shown_text(error);
    if (!shown.empty()) errors.push_back(shown);
  }
  return errors;
}

}  // namespace

mcp::ToolResult clip_started_result(const motion::Started& started, const jobs::ClipTrace& trace,
                                    std::string_view message, std::chrono::seconds max_wait) {
  const std::string next_step = clip_wait_step(started.job_id, max_wait) + ".";

  Json structured = Json::object();
  structured["run_id"] = started.job_id;
  put(structured, "agent_id", trace.agent_id);
  put(structured, "node_id", trace.node_id);
  structured["status"] = started.status;
  structured["ready"] = false;
  structured["message"] = message;
  structured["next_step"] = next_step;
  structured["poll_after_seconds"] = kFirstPollAfter.count();

  std::string text = head_line(message, started.job_id, started.status, "not ready");
  if (!trace.agent_id.empty()) text += "\nAgent " + trace.agent_id + ".";
  mcp::ToolResult result;
  result.content.push_back(mcp::text_content(text + "\nNext: " + next_step));
  result.structured_content = std::move(structured);
  return result;
}

mcp::ToolResult clip_result(const jobs::ClipView& view, std::chrono::seconds max_wait,
                            const Waited& waited) {
  const mosaic::Run& run = view.run;
  const bool is_ready = mosaic::has_clip(view.stage);
  JobWords words = clip_words(view, max_wait);
  if (waited.timed_out && waited.was_cut) words.message += wait_was_cut(max_wait);

  Json structured = Json::object();
  structured["run_id"] = run.run_id;
  put(structured, "agent_id", run.agent_id);
  structured["status"] = run.status;
  structured["ready"] = is_ready;
  structured["message"] = words.message;
  structured["next_step"] = words.next_step;
  if (words.poll_after) structured["poll_after_seconds"] = words.poll_after->count();
  if (waited.timed_out) structured["timed_out"] = true;
  structured["needs_credits"] = run.needs_credits;
  put(structured, "started_at", run.started_at);
  put(structured, "status_message", shown_text(run.status_message));
  if (!run.node_status_counts.empty()) structured["node_status_counts"] = run.node_status_counts;
  if (!run.outputs.empty()) structured["outputs"] = outputs_json(run);
  if (const Json errors = errors_json(run); !errors.empty()) structured["errors"] = errors;

  const std::string_view state = is_ready           ? "ready"
                                 : waited.timed_out ? "not ready when the wait ended"
                                                    : "not ready";
  std::string text = head_line(words.message, run.run_id, run.status, state);
  mcp::ToolResult result;
  Json links = Json::array();
  for (const mosaic::RunOutput& output : run.outputs) {
    if (!output.video_url) continue;
    text += "\nMP4: " + *output.video_url;
    const std::string name = output.id.empty() ? run.run_id : output.id;
    links.push_back(
        mcp::resource_link_content({*output.video_url, name + ".mp4", "The clip", "video/mp4"}));
  }
  text += "\nNext: " + words.next_step;
  result.content.push_back(mcp::text_content(text));
  for (Json& link : links) result.content.push_back(std::move(link));
  result.structured_content = std::move(structured);
  return result;
}

mcp::ToolResult clip_changed_result(std::string_view run_id, std::string_view message,
                                    std::string_view next_step,
                                    std::optional<std::chrono::seconds> poll_after) {
  Json structured = Json::object();
  structured["run_id"] = run_id;
  structured["message"] = message;
  structured["next_step"] = next_step;
  if (poll_after) {
    structured["ready"] = false;
    structured["poll_after_seconds"] = poll_after->count();
  }
  mcp::ToolResult result;
  result.content.push_back(mcp::text_content(std::string(message) + "\nRun " + std::string(run_id) +
                                             ".\nNext: " + std::string(next_step)));
  result.structured_content = std::move(structured);
  return result;
}

}  // namespace motion_mcp::tools
