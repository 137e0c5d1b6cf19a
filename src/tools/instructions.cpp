#include "tools/instructions.h"

#include <algorithm>
#include <string_view>

namespace motion_mcp::tools {
namespace {

bool has(std::span<const Entry> enabled, std::string_view name) {
  return std::any_of(enabled.begin(), enabled.end(),
                     [&](const Entry& entry) { return entry.name == name; });
}

constexpr std::string_view kMake =
    "Motion makes finished MP4 videos from a written brief.\n"
    "1. create_video once per video wanted. It spends credits and answers at once with a job_id; "
    "keep that id where it survives";
constexpr std::string_view kNoList = ", since no call lists jobs.\n";
constexpr std::string_view kList = ". Lost it? list_videos finds it; do not order again.\n";
constexpr std::string_view kThen = "2. get_video_status with that job_id and wait_seconds ";
constexpr std::string_view kWait =
    ", which waits for the video, again and again until ready is true. A video takes minutes: tell "
    "the user it is on its way. Giving up a wait does not touch the job. "
    "A result that is not ready and has no poll_after_seconds needs somebody to act: "
    "message and next_step say who and how.\n"
    "3. Hand over output.download_url right away, with rights.review if there is one. "
    "To hand it over again later, read a fresh link first.\n";
constexpr std::string_view kRevise =
    "4. For a change call followup_video on the same job_id, then go on with step 2.\n";
constexpr std::string_view kSave =
    "To keep the file on the user's machine call download_video with the job_id.\n";
constexpr std::string_view kSpend =
    "Never repeat a call whose error says that credits may have been spent before its next step is "
    "done. Ask the user before starting a second paid job for the same wish.";
constexpr std::string_view kReadOnly =
    "This server only reads jobs of the Motion video service; it starts none. get_video_status "
    "tells where a job stands and gives the MP4 link once ready is true; while it names "
    "poll_after_seconds, call it again with wait_seconds ";

constexpr std::string_view kFind = " Without a job_id, list_videos names the jobs of this key.";

}  // namespace

std::string compose_instructions(std::span<const Entry> enabled, std::chrono::seconds max_wait) {
  const std::string longest = std::to_string(max_wait.count());
  std::string text;
  if (has(enabled, "create_video")) {
    text.append(kMake).append(has(enabled, "list_videos") ? kList : kNoList);
    text.append(kThen).append(longest).append(kWait);
    if (has(enabled, "followup_video")) text += kRevise;
    if (has(enabled, "download_video")) text += kSave;
    text += kSpend;
  } else if (has(enabled, "get_video_status")) {
    text.append(kReadOnly).append(longest).append(", which waits for the video.");
    if (has(enabled, "list_videos")) text += kFind;
  }
  return text;
}

std::vector<mcp::FurtherInstructions> further_instructions(std::span<const Entry> enabled,
                                                           std::chrono::seconds max_wait) {
  std::vector<mcp::FurtherInstructions> further;
  const std::string longest = std::to_string(max_wait.count());
  if (has(enabled, "generate_clip")) {
    further.push_back(
        {std::string(kMosaicCredential),
         "Mosaic makes single shots of 4 to 15 s: generate_clip spends its credits, then "
         "get_clip_status with the run_id and wait_seconds " +
             longest + " until ready is true. resume_clip retries a failed run for free."});
  }
  if (has(enabled, "build_motion_url")) {
    std::string text =
        "Motioness turns a picture on the web into a short silent video by its URL: "
        "build_motion_url gives the URL and embeds for free.";
    if (has(enabled, "get_motion_asset")) {
      text += " get_motion_asset with that url and wait_seconds " + longest +
              " has the video made, which is paid for once, and tells when it is ready.";
    }
    further.push_back({std::string(kMotionessCredential), std::move(text)});
  }
  return further;
}

}  // namespace motion_mcp::tools
