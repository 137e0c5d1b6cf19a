#include "tools/video_list.h"

#include <algorithm>
#include <utility>

#include "base/owner.h"
#include "base/quote.h"
#include "jobs/read_jobs.h"
#include "motion/errors.h"
#include "tools/job_words.h"

namespace motion_mcp::tools {
namespace {

using jobs::ListedJob;
using jobs::Standing;
using motion::Stage;

constexpr std::size_t kPromptCodePoints = 100;
constexpr std::size_t kPromptCodePointsInText = 50;

// Calling again never helps, so it is not `unavailable`.
Error history_is_off() {
  return {ErrorKind::conflict,
          "this server keeps no history of orders, and the Motion API has no list",
          "Ask the user for the job_id, or to look at https://motion.so. Whoever runs the server "
          "turns the history on with --ledger and an absolute path in place of --ledger off."};
}

Standing standing_of(Stage stage) {
  if (stage == Stage::ready) return Standing::ready;
  const bool has_failed = stage == Stage::failed || stage == Stage::output_failed;
  return has_failed ? Standing::failed : Standing::unfinished;
}

std::string note_on(const ListedJob& job) {
  if (job.standing == Standing::uncertain) {
    return job.job_id.empty()
               ? "The answer to this order was lost: it may have been taken and paid for. Look at "
                 "https://motion.so before ordering it again."
               : "Whether the last followup was taken is not known; get_video_status tells.";
  }
  if (job.job_id.empty()) return "It is being sent right now; its job_id is not known yet.";
  return {};
}

// What the reader would not expect of a job that was just read.
std::string note_on(const jobs::JobView& view, std::chrono::seconds max_wait) {
  const bool is_usual =
      view.stage == Stage::waiting || view.stage == Stage::rendering || view.stage == Stage::ready;
  if (is_usual && view.doubt == jobs::FollowupDoubt::none) return {};
  return words_for(view, max_wait).message;
}

bool is_worth_reading(const ListedJob& job) {
  return !job.job_id.empty() &&
         (job.standing == Standing::unfinished || job.standing == Standing::uncertain);
}

void take_look(ListedVideo& video, const jobs::Look& look, const Services& services) {
  if (!look) {
    video.note += (video.note.empty() ? "" : " ") + std::string("It could not be read again: ") +
                  look.error().message + ".";
    return;
  }
  ListedJob& job = video.job;
  job.status = look->job.status;
  job.status_at = services.clock.wall();
  job.standing =
      look->doubt == jobs::FollowupDoubt::open ? Standing::uncertain : standing_of(look->stage);
  video.note = note_on(*look, services.max_wait);
}

Result<void> refresh_list(VideoList& list, const Services& services, std::string_view api_key,
                          const std::stop_token& stop) {
  std::vector<std::string> job_ids;
  std::vector<ListedVideo*> videos;
  for (ListedVideo& video : list.videos) {
    if (!is_worth_reading(video.job)) continue;
    job_ids.push_back(video.job.job_id);
    videos.push_back(&video);
  }
  const std::vector<jobs::Look> looks = TRY(
      jobs::read_jobs(services.motion, services.baselines, services.clock, api_key, job_ids, stop));
  for (std::size_t i = 0; i < looks.size(); ++i) take_look(*videos[i], looks[i], services);
  return {};
}

// The words of a prompt on one line; empty when there are none that can be shown.
std::string excerpt(const std::string& prompt, std::size_t code_points) {
  const std::string quoted = base::quote(prompt, code_points);
  return quoted.empty() ? quoted : quoted.substr(1, quoted.size() - 2);
}

void put(Json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

Json video_json(const ListedVideo& video) {
  const ListedJob& job = video.job;
  Json object = Json::object();
  put(object, "job_id", job.job_id);
  object["state"] = to_string(job.standing);
  put(object, "status", shown_text(job.status));
  object["ordered_at"] = base::to_rfc3339(job.ordered_at);
  if (job.status_at) object["seen_at"] = base::to_rfc3339(*job.status_at);
  if (job.followups > 0) object["followups"] = job.followups;
  put(object, "prompt", excerpt(job.prompt, kPromptCodePoints));
  put(object, "revision", excerpt(job.revision, kPromptCodePoints));
  put(object, "note", video.note);
  return object;
}

std::string to_the_minute(base::WallTime time) {
  return base::to_rfc3339(time).substr(0, std::string_view("2026-04-28T23:01").size()) + "Z";
}

std::string video_line(const ListedVideo& video) {
  const ListedJob& job = video.job;
  std::string line = job.job_id.empty() ? "(no job_id)" : job.job_id;
  line += " " + std::string(to_string(job.standing));
  if (job.standing == Standing::unfinished && !job.status.empty()) {
    line += " (" + shown_text(job.status) + ")";
  }
  line += ", ordered " + to_the_minute(job.ordered_at);
  const std::string prompt = base::quote(job.prompt, kPromptCodePointsInText);
  if (!prompt.empty()) line += ": " + prompt;
  if (job.followups > 0) {
    line +=
        ", " + std::to_string(job.followups) + (job.followups == 1 ? " followup" : " followups");
    const std::string revision = base::quote(job.revision, kPromptCodePointsInText);
    if (!revision.empty()) line += ", the last: " + revision;
  }
  if (!video.note.empty()) line += ". " + video.note;
  return line;
}

std::string message_of(const VideoList& list) {
  const jobs::JobQuery& query = list.query;
  const std::string of_state =
      query.standing ? " that is " + std::string(to_string(*query.standing)) : "";
  if (list.videos.empty()) {
    return "There is no " + std::string(query.cursor ? "older " : "") + "video of this key" +
           of_state + " in this server's history.";
  }
  const std::size_t count = list.videos.size();
  return std::to_string(count) + (count == 1 ? " video" : " videos") + ", newest first" +
         (list.next      ? "; there are older ones."
          : query.cursor ? "; these are the oldest."
                         : ".");
}

bool has(const VideoList& list, Standing standing) {
  return std::any_of(list.videos.begin(), list.videos.end(),
                     [&](const ListedVideo& video) { return video.job.standing == standing; });
}

std::string next_step_of(const VideoList& list) {
  if (list.videos.empty()) {
    return list.query.standing
               ? "Call list_videos without status for those of every state."
               : "A job made elsewhere is not listed: get_video_status reads it by its job_id.";
  }
  std::string step;
  const auto add = [&](std::string_view sentence) {
    step.append(step.empty() ? "" : " ").append(sentence);
  };
  if (has(list, Standing::uncertain)) {
    add("Order nothing again that is uncertain before its note is done.");
  }
  if (has(list, Standing::ready)) add("get_video_status with a ready job_id gives its MP4 link.");
  if (has(list, Standing::unfinished)) {
    add("get_video_status with an unfinished job_id and wait_seconds waits for it.");
  }
  if (list.next) {
    add("For older ones call list_videos with cursor=" + to_text(*list.next) +
        (list.query.standing ? " and the same status." : "."));
  }
  return step.empty() ? "get_video_status with a job_id tells more." : step;
}

}  // namespace

Error history_unreadable() {
  return {
      ErrorKind::unavailable,
      "the history on the server's disk cannot be read now (the server's log says why)",
      "Call again in a minute. Meanwhile get_video_status works with a job_id, and the user can "
      "look at https://motion.so; order nothing again because it is not listed."};
}

Result<jobs::Ledger*> find_history(const Services& services, std::string_view api_key) {
  TRY(services.motion.check_key(api_key));
  if (services.history == nullptr) return history_is_off();
  return services.history;
}

Result<VideoList> read_video_list(const Services& services, std::string_view api_key,
                                  const jobs::JobQuery& query, bool refresh,
                                  const std::stop_token& stop) {
  jobs::Ledger* const history = TRY(find_history(services, api_key));
  auto page = history->list(base::owner_id(api_key), query);
  if (!page) return history_unreadable();
  VideoList list{{}, page->next, query};
  for (ListedJob& job : page->jobs) {
    std::string note = note_on(job);
    list.videos.push_back({std::move(job), std::move(note)});
  }
  if (refresh) TRY(refresh_list(list, services, api_key, stop));
  return list;
}

mcp::ToolResult list_result(const VideoList& list) {
  const std::string message = message_of(list);
  const std::string next_step = next_step_of(list);

  Json structured = Json::object();
  structured["videos"] = Json::array();
  std::string text = message;
  for (const ListedVideo& video : list.videos) {
    structured["videos"].push_back(video_json(video));
    text += "\n" + video_line(video);
  }
  if (list.next) structured["next_cursor"] = to_text(*list.next);
  structured["message"] = message;
  structured["next_step"] = next_step;
  text += "\nNext: " + next_step;

  mcp::ToolResult result;
  result.content.push_back(mcp::text_content(text));
  result.structured_content = std::move(structured);
  return result;
}

}  // namespace motion_mcp::tools
