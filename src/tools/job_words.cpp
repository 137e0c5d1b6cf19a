#include "tools/job_words.h"

#include <utility>

#include "base/quote.h"

namespace motion_mcp::tools {
namespace {

using jobs::FollowupDoubt;
using jobs::JobView;
using motion::Stage;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view kWebApp = "https://motion.so";
constexpr std::size_t kMaxWordCodePoints = 60;

std::string quote_word(const std::string& word) {
  const std::string quoted = base::quote(word, kMaxWordCodePoints);
  return quoted.empty() ? "a word that cannot be shown" : quoted;
}

std::string call(std::string_view tool, const JobView& view) {
  return std::string(tool) + " with job_id=" + view.job.job_id;
}

seconds poll_after(const std::optional<seconds>& age) {
  if (!age) return seconds(10);
  if (*age < seconds(30)) return kFirstPollAfter;
  if (*age < minutes(2)) return seconds(5);
  if (*age < minutes(5)) return seconds(10);
  return seconds(30);
}

JobWords go_on(std::string message, seconds poll_after) {
  return {std::move(message), {}, poll_after};
}

// `: "reason".`, or a sentence that there is none.
std::string because(const std::optional<std::string>& error) {
  const std::string reason = shown_text(error);
  return reason.empty() ? ". The service gave no reason that can be shown."
                        : ": \"" + reason + "\".";
}

bool is_about_credits(const std::optional<std::string>& error) {
  return error && (error->find("insufficient_credits") != std::string::npos ||
                   error->find("nsufficient credits") != std::string::npos);
}

JobWords waiting(const JobView& view) {
  const std::string& status = view.job.status;
  std::string message;
  if (status == "queued") {
    message = "The job is accepted and waits to start.";
  } else if (status == "created") {
    message = "The job is being prepared.";
  } else if (status == "running") {
    message = "The video is being made.";
  } else if (status == "awaiting_user_input") {
    message = "Motion is approving its own planning; nobody has to act.";
  } else {
    message = "The service says " + quote_word(status) +
              ", which is not a status this server knows; it is treated as unfinished.";
  }
  return go_on(std::move(message), poll_after(view.age));
}

JobWords rendering(const JobView& view) {
  // The file comes within a minute of the job's end, so a slow rhythm would only keep it waiting.
  constexpr seconds kAfter{5};
  std::string message = "The video is made, its file is still being rendered.";
  if (view.job.output) {
    const std::string& status = view.job.output->status;
    if (status == "completed") {
      message = "The file is rendered, its link is not there yet.";
    } else if (!status.empty() && status != "pending" && status != "queued" &&
               status != "processing") {
      message = "The video is made; the service calls its file " + quote_word(status) +
                ", which is not a status this server knows; it is treated as unfinished.";
    }
  }
  return go_on(std::move(message), kAfter);
}

JobWords previous_output(const JobView& view) {
  return go_on(view.doubt == FollowupDoubt::open
                   ? "Whether the last followup was taken is not known yet; output still "
                     "shows the video from before it."
                   : "The followup is under way; output still shows the video from before it.",
               poll_after(view.age));
}

JobWords ready(const JobView& view) {
  JobWords words;
  words.message = "The video is ready.";
  words.next_step = "Give the user the MP4 (output.download_url); to change the video call " +
                    call("followup_video", view) + " and a prompt.";
  if (view.link_expired) {
    // Each read renews the link, so it is rather the clock; to read again until the two agree would
    // never end.
    words.message += " By this machine's clock, which may be wrong, its link ended at " +
                     shown_text(view.job.output->expires_at) + ".";
    words.next_step =
        "Give the user the MP4 (output.download_url) all the same; if it does not open, call " +
        call("get_video_status", view) +
        " once more for a fresh link. Do not make the video again.";
  }
  if (view.doubt == FollowupDoubt::not_taken) {
    words.message +=
        " It is the one from before the last followup, which does not seem to have been taken.";
    words.next_step = "If the change is still wanted, call " + call("followup_video", view) +
                      ", its prompt and allow_duplicate=true; that spends credits.";
  }
  return words;
}

JobWords failed(const JobView& view) {
  JobWords words;
  words.message = "The job failed" + because(view.job.error) + " It may have used credits.";
  if (is_about_credits(view.job.error)) {
    words.message = "The credits ran out during the run" + because(view.job.error);
    words.next_step =
        "Ask the user to add credits at " + std::string(kWebApp) +
        "; then create_video can start a new paid job, since this one takes no followup.";
  } else {
    words.next_step =
        "Tell the user why. This job takes no followup; ask before create_video starts a new paid "
        "one.";
  }
  return words;
}

JobWords output_failed(const JobView& view) {
  return {
      "The video was made, but its file could not be rendered" + because(view.job.output->error),
      "Tell the user, who can look at the job at " + std::string(kWebApp) + "; ask before trying " +
          call("followup_video", view) + " and a prompt, which spends credits on a new version.",
      std::nullopt};
}

JobWords awaiting_user_input(const JobView& view) {
  return {"The job waits for a person's answer in the Motion web app; no tool can give it.",
          "Ask the user to answer at " + std::string(kWebApp) + ", then call " +
              call("get_video_status", view) + ".",
          std::nullopt};
}

JobWords words_of_stage(const JobView& view) {
  switch (view.stage) {
    case Stage::waiting:
      return waiting(view);
    case Stage::awaiting_user_input:
      return awaiting_user_input(view);
    case Stage::rendering:
      return rendering(view);
    case Stage::previous_output:
      return previous_output(view);
    case Stage::ready:
      return ready(view);
    case Stage::failed:
      return failed(view);
    case Stage::output_failed:
      return output_failed(view);
  }
  return {};
}

}  // namespace

JobWords words_for(const JobView& view, seconds max_wait) {
  JobWords words = words_of_stage(view);
  if (words.poll_after) words.next_step = wait_step(view.job.job_id, max_wait) + ".";
  return words;
}

std::string wait_step(std::string_view job_id, seconds max_wait) {
  return "Call get_video_status with job_id=" + std::string(job_id) +
         " and wait_seconds=" + std::to_string(max_wait.count());
}

std::string shown_text(const std::optional<std::string>& text) {
  const std::string quoted = base::quote(text.value_or(""));
  return quoted.empty() ? quoted : quoted.substr(1, quoted.size() - 2);
}

}  // namespace motion_mcp::tools
