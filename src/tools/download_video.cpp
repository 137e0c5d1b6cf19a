#include "download/download.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/owner.h"
#include "jobs/job_view.h"
#include "tools/brief_check.h"
#include "tools/error_result.h"
#include "tools/job_words.h"
#include "tools/tool_table.h"
#include "tools/video_file_name.h"

namespace motion_mcp::tools {
namespace {

constexpr std::string_view kName = "download_video";
constexpr std::chrono::seconds kProgressPause{1};

std::string file_name_in(const Json& arguments) {
  return arguments.value("filename", "");
}

Error not_ready(const jobs::JobView& view, std::chrono::seconds max_wait) {
  JobWords words = words_for(view, max_wait);
  if (words.message.ends_with('.')) words.message.pop_back();
  const std::string status = shown_text(view.job.status);
  return Error{ErrorKind::conflict,
               std::string("there is no video to save") + (words.poll_after ? " yet" : "") +
                   ", the job's status is " + (status.empty() ? "not given" : status) + ": " +
                   words.message,
               std::move(words.next_step)};
}

// A link that was made just now.
Result<std::string> read_link(const Services& services, const mcp::ToolCall& call,
                              const std::string& job_id) {
  const jobs::JobView view = TRY(jobs::read_job(services.motion, services.baselines, services.clock,
                                                call.caller.credential, job_id, call.stop));
  if (view.stage != motion::Stage::ready) return not_ready(view, services.max_wait);
  return *view.job.output->download_url;
}

// A prompt that cannot be read costs the name its words and nothing else.
std::string name_for(const Services& services, const mcp::ToolCall& call,
                     const std::string& job_id) {
  const std::string wanted = file_name_in(call.arguments);
  if (!wanted.empty()) return with_mp4(wanted);
  std::string prompt;
  if (jobs::Ledger* ledger = services.downloads.ledger) {
    if (auto found = ledger->prompt_of(base::owner_id(call.caller.credential), job_id)) {
      prompt = *std::move(found);
    }
  }
  return file_name_for(prompt, job_id);
}

Result<download::PartFile> open_part(const Services& services, const mcp::ToolCall& call,
                                     const std::string& job_id) {
  const std::string& folder = services.downloads.folder;
  if (folder.empty()) {
    return Error{ErrorKind::invalid_argument,
                 "no folder to save to is known: neither XDG_DATA_HOME nor HOME is set",
                 "Ask the user to start this server with --output-dir (MOTION_OUTPUT_DIR)."};
  }
  return download::PartFile::open(TRY(download::Folder::open_or_make(folder)),
                                  name_for(services, call, job_id), {}, services.clock, call.stop);
}

// At most one report per kProgressPause, and one for the end.
class Reporter {
 public:
  Reporter(const mcp::ProgressSink& sink, const base::Clock& clock) : sink_(sink), clock_(clock) {}

  void operator()(std::uint64_t bytes, std::optional<std::uint64_t> total) {
    const base::SteadyTime now = clock_.now();
    if (last_ && now - *last_ < kProgressPause && bytes != total) return;
    last_ = now;
    mcp::Progress progress;
    progress.progress = static_cast<double>(bytes);
    if (total) progress.total = static_cast<double>(*total);
    progress.message =
        std::to_string(bytes) + (total ? " of " + std::to_string(*total) : "") + " bytes are here.";
    sink_(progress);
  }

 private:
  const mcp::ProgressSink& sink_;
  const base::Clock& clock_;
  std::optional<base::SteadyTime> last_;
};

std::string message_for(const download::Saved& saved) {
  if (saved.was_there) return "The video was saved before, and the file is as it should be.";
  if (saved.resumed_from == 0) return "The video is saved.";
  return "The video is saved; the first " + std::to_string(saved.resumed_from) +
         " bytes were here from before.";
}

mcp::ToolResult saved_result(const download::Saved& saved, const std::string& job_id) {
  const std::string message = message_for(saved);
  const std::string next_step = "Tell the user where the file is: " + saved.path;

  Json structured = Json::object();
  structured["job_id"] = job_id;
  structured["path"] = saved.path;
  structured["bytes"] = saved.bytes;
  structured["sha256"] = saved.sha256;
  structured["resumed"] = saved.resumed_from > 0;
  structured["already_there"] = saved.was_there;
  structured["message"] = message;
  structured["next_step"] = next_step;

  mcp::ToolResult result;
  result.content.push_back(mcp::text_content(
      message + "\nFile: " + saved.path + "\nSize: " + std::to_string(saved.bytes) +
      " bytes, SHA-256 " + saved.sha256 + "\nJob " + job_id + ".\nNext: " + next_step));
  result.structured_content = std::move(structured);
  return result;
}

Result<mcp::ToolResult> download_video(const Services& services, const mcp::ToolCall& call,
                                       const std::string& job_id) {
  download::Video video;
  video.link = TRY(read_link(services, call, job_id));
  video.renew_link = [&] { return read_link(services, call, job_id); };
  video.max_bytes = services.downloads.max_bytes;
  video.on_progress = Reporter(call.progress, services.clock);
  download::PartFile part = TRY(open_part(services, call, job_id));
  return saved_result(TRY(download::download_video(*services.downloads.http, services.clock, video,
                                                   std::move(part), call.stop)),
                      job_id);
}

std::optional<mcp::ToolResult> check(const Json& arguments) {
  if (auto refused = refusal(kName, check_job_id(job_id_of(arguments)))) return refused;
  return refusal(kName, check_file_name(file_name_in(arguments)));
}

}  // namespace

mcp::ToolCode make_download_video(const Services& services) {
  const auto run = [services](const mcp::ToolCall& call) {
    const std::string job_id = job_id_of(call.arguments);
    return result_or_error(kName, download_video(services, call, job_id), job_id);
  };
  return {run, check};
}

}  // namespace motion_mcp::tools
