#include "tools/video_result.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "tools/job_words.h"
#include "tools/rights.h"
#include "tools/waiting.h"

namespace motion_mcp::tools {
namespace {

using motion::Stage;

void put(Json& object, const char* key, const std::optional<std::string>& text) {
  if (text && !text->empty()) object[key] = *text;
}

// What the service may add one day is handed on, but never in place of a member of ours.
void add_other(Json& object, const Json& other) {
  constexpr std::array<std::string_view, 7> kOurs = {
      "ready", "message", "next_step", "status_url", "poll_after_seconds", "timed_out", "rights"};
  for (const auto& [key, value] : other.items()) {
    if (std::find(kOurs.begin(), kOurs.end(), key) != kOurs.end()) continue;
    object.get_ref<Json::object_t&>().emplace_back(key, value);
  }
}

Json output_json(const motion::Output& output) {
  Json object = Json::object();
  put(object, "status", output.status);
  put(object, "download_url", output.download_url);
  put(object, "expires_at", output.expires_at);
  put(object, "completed_at", output.completed_at);
  put(object, "error", shown_text(output.error));
  add_other(object, output.other);
  return object;
}

void put_poll(Json& structured, const std::optional<std::chrono::seconds>& poll_after) {
  if (poll_after) structured["poll_after_seconds"] = poll_after->count();
}

std::string times_line(const motion::Job& job) {
  std::string line;
  const auto add = [&](std::string_view what, const std::optional<std::string>& when) {
    const std::string shown = shown_text(when);
    if (shown.empty()) return;
    line += line.empty() ? "" : ", ";
    line += what;
    line += shown;
  };
  add("created ", job.created_at);
  add("updated ", job.updated_at);
  add("completed ", job.completed_at);
  return line.empty() ? line : "\nTimes: " + line + ".";
}

std::string file_line(const jobs::JobView& view) {
  const auto& output = view.job.output;
  if (!output || !output->download_url || output->download_url->empty()) return {};
  if (view.stage == Stage::ready) {
    std::string line = "\nMP4: " + *output->download_url;
    const std::string until = shown_text(output->expires_at);
    if (!until.empty()) line += "\nIts link lasts until " + until + ".";
    return line;
  }
  if (view.stage == Stage::previous_output) return "\nPrevious MP4: " + *output->download_url;
  return {};
}

std::string head_lines(std::string_view message, std::string_view job_id, const std::string& status,
                       std::string_view state) {
  std::string lines(message);
  lines += "\nJob ";
  lines += job_id;
  lines += ": status " + (status.empty() ? "not given" : shown_text(status));
  lines += ", " + std::string(state) + ".";
  return lines;
}

}  // namespace

mcp::ToolResult started_result(const motion::Started& started, std::string_view message,
                               std::chrono::seconds max_wait) {
  const std::string next_step = wait_step(started.job_id, max_wait) + ".";

  Json structured = Json::object();
  structured["job_id"] = started.job_id;
  structured["status"] = started.status;
  structured["ready"] = false;
  structured["message"] = message;
  structured["next_step"] = next_step;
  put(structured, "status_url", started.status_url);
  put_poll(structured, kFirstPollAfter);

  mcp::ToolResult result;
  result.content.push_back(mcp::text_content(
      head_lines(message, started.job_id, started.status, "not ready") + "\nNext: " + next_step));
  result.structured_content = std::move(structured);
  return result;
}

mcp::ToolResult job_result(const jobs::JobView& view, std::chrono::seconds max_wait,
                           const Waited& waited, std::string_view note) {
  const motion::Job& job = view.job;
  const bool is_ready = view.stage == Stage::ready;
  const Json rights = rights_digest(job.sources);
  JobWords words = words_for(view, max_wait);
  if (waited.timed_out && waited.was_cut) {
    words.message += wait_was_cut(max_wait);
  }
  words.message += note;
  if (is_ready && rights.contains("review")) {
    words.next_step += " Show the user rights.review before the video is published.";
  }

  Json structured = Json::object();
  structured["job_id"] = job.job_id;
  structured["status"] = job.status;
  structured["ready"] = is_ready;
  structured["message"] = words.message;
  structured["next_step"] = words.next_step;
  put_poll(structured, words.poll_after);
  if (waited.timed_out) structured["timed_out"] = true;
  put(structured, "created_at", job.created_at);
  put(structured, "updated_at", job.updated_at);
  put(structured, "completed_at", job.completed_at);
  structured["pending_user_input"] = job.pending_user_input;
  if (job.output) structured["output"] = output_json(*job.output);
  if (!job.sources.empty()) structured["sources"] = job.sources;
  if (!rights.is_null()) structured["rights"] = rights;
  put(structured, "error", shown_text(job.error));
  add_other(structured, job.other);

  const std::string_view state = is_ready           ? "ready"
                                 : waited.timed_out ? "not ready when the wait ended"
                                                    : "not ready";
  std::string text = head_lines(words.message, job.job_id, job.status, state) + file_line(view);
  text += times_line(job);
  if (!rights.is_null()) text += "\n" + rights_text(rights);
  if (!job.other.empty()) text += "\nAlso: " + shown_text(job.other.dump());
  text += "\nNext: " + words.next_step;

  mcp::ToolResult result;
  result.content.push_back(mcp::text_content(text));
  if (is_ready) {
    result.content.push_back(mcp::resource_link_content(
        {*job.output->download_url, job.job_id + ".mp4", "The finished video", "video/mp4"}));
  }
  result.structured_content = std::move(structured);
  return result;
}

}  // namespace motion_mcp::tools
