#include "tools/clip_words.h"

#include <algorithm>

#include "base/json_value.h"
#include "base/quote.h"

namespace motion_mcp::tools {
namespace {

using mosaic::Stage;
using std::chrono::seconds;

constexpr seconds kPollAfter{5};
constexpr std::size_t kMaxWordCodePoints = 60;

std::string first_error(const mosaic::Run& run) {
  if (!run.errors.empty()) return base::quote(run.errors.front());
  return base::quote(run.status_message.value_or(""));
}

// ": what the service said" when it said something.
std::string because(const mosaic::Run& run) {
  const std::string why = first_error(run);
  return why.empty() ? "." : ": " + why + ".";
}

// The service resumes what failed or was cancelled, and nothing else.
std::string resume_step(const mosaic::Run& run) {
  if (run.status != "failed" && run.status != "cancelled") {
    return "Nothing of this run can be tried again; what failed needs another generate_clip, which "
           "is paid for";
  }
  return "Call resume_clip with run_id=" + run.run_id +
         " to have what failed tried again, which costs nothing by itself";
}

JobWords running_words(const jobs::ClipView& view, seconds max_wait) {
  JobWords words{"The clip is being made.", clip_wait_step(view.run.run_id, max_wait) + ".",
                 kPollAfter};
  if (view.run.status == "completed") {
    words.message = "The run is completed, but no clip shows in it yet.";
  } else if (view.run.status != "running") {
    words.message = "The run stands at " + base::quote(view.run.status, kMaxWordCodePoints) +
                    ", a word that this server does not know.";
  }
  return words;
}

}  // namespace

std::string clip_wait_step(std::string_view run_id, seconds max_wait) {
  return "Call get_clip_status with run_id=" + std::string(run_id) +
         " and wait_seconds=" + std::to_string(max_wait.count());
}

JobWords clip_words(const jobs::ClipView& view, seconds max_wait) {
  const mosaic::Run& run = view.run;
  switch (view.stage) {
    case Stage::running:
      return running_words(view, max_wait);
    case Stage::blocked:
      return {"The run waits for Mosaic credits and does not go on without them.",
              "Ask the owner of the account to add credits at https://mosaic.so, then call "
              "get_clip_status with run_id=" +
                  run.run_id + " and wait_seconds=" + std::to_string(max_wait.count()) +
                  "; cancel_clip gives the run up.",
              {}};
    case Stage::ready:
      return {
          "The clip is ready.",
          "Hand over video_url; its link lives seven days, and get_clip_status gives a fresh one.",
          {}};
    case Stage::partial:
      return {"The run ended with a clip, but a part of it failed" + because(run),
              "Hand over video_url. " + resume_step(run) + ".",
              {}};
    case Stage::failed:
      return {"The run failed without a clip" + because(run), resume_step(run) + ".", {}};
    case Stage::cancelled:
      return {"The run was cancelled.",
              resume_step(run) + "; do so only if the user wants the clip after all.",
              {}};
  }
  return {};
}

std::string run_id_of(const Json& arguments) {
  return arguments.value("run_id", "");
}

Result<void> check_mosaic_id(std::string_view name, std::string_view id) {
  const bool is_visible =
      std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < '\x7F'; });
  if (is_visible && id != "." && id != ".." && !id.empty()) return {};
  return Error{ErrorKind::invalid_argument, std::string(name) + " is not one",
               "Pass the " + std::string(name) + " as generate_clip returned it."};
}

}  // namespace motion_mcp::tools
