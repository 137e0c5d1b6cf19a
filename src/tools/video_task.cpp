#include "tools/video_task.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/owner.h"
#include "jobs/guard_words.h"
#include "tools/error_result.h"
#include "tools/job_words.h"
#include "tools/video_result.h"

namespace motion_mcp::tools {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kShortestPoll{5};

constexpr std::string_view kCancelNote =
    "Nothing was cancelled, because the Motion API cannot cancel a job: it goes on and costs what "
    "it costs, and its video can still be had through this task or get_video_status.";

base::WallTime to_millis(base::WallTime time) {
  return std::chrono::floor<milliseconds>(time);
}

Json text_or_null(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json();
}

std::optional<std::string> text_at(const Json& array, std::size_t at) {
  if (!array[at].is_string()) return std::nullopt;
  return array[at].get<std::string>();
}

std::string duplicate_note(const VideoTask& task) {
  if (!task.ordered_before) return {};
  return " This call ordered nothing: the same arguments had started the job " +
         jobs::in_words(*task.ordered_before) + " before it; allow_duplicate=true orders another.";
}

// Answers of the service that may be another in a moment, and faults of ours: no reason to give up
// a video.
bool may_pass(const jobs::Look& look) {
  const ErrorKind kind = look.error().kind;
  return !jobs::is_final(look) || kind == ErrorKind::internal || kind == ErrorKind::cancelled;
}

class VideoTasks {
 public:
  VideoTasks(std::string_view tool, const Services& services) : tool_(tool), services_(services) {}

  [[nodiscard]] std::optional<mcp::TaskView> look(const mcp::TaskCall& call) const {
    const auto task = task_of(call);
    if (!task) return std::nullopt;
    const std::string& key = call.caller.credential;
    const jobs::Look look = services_.watcher.look(key, task->job_id, call.stop);
    if (look) return view_of(*task, *look, is_overtaken(*task, call));
    return may_pass(look) ? unanswered(look.error()) : refused(*task, look.error());
  }

  [[nodiscard]] mcp::TaskCode::Subscription watch(const mcp::TaskCall& call,
                                                  std::function<void()> changed) const {
    const auto task = task_of(call);
    if (!task) return nullptr;
    auto joined = services_.watcher.join(
        call.caller.credential, task->job_id,
        [changed = std::move(changed)](const jobs::SharedLook&) { changed(); });
    return joined ? joined->subscription : nullptr;
  }

  [[nodiscard]] static std::optional<mcp::TaskAck> cancel() {
    return mcp::TaskAck{{{"motion-mcp/note", kCancelNote}}};
  }

 private:
  // Makes known what the task knows and this process may not.
  [[nodiscard]] std::optional<VideoTask> task_of(const mcp::TaskCall& call) const {
    auto task = video_task_from(call.state);
    if (task && task->followup) {
      services_.baselines.learn(base::owner_id(call.caller.credential), task->job_id,
                                *task->followup);
    }
    return task;
  }

  // A job takes a followup only when it is completed, so the task had its chance by then.
  [[nodiscard]] bool is_overtaken(const VideoTask& task, const mcp::TaskCall& call) const {
    const auto last = services_.baselines.last(base::owner_id(call.caller.credential), task.job_id);
    const base::WallTime own = task.followup ? task.followup->sent_at : call.created;
    return last && to_millis(last->sent_at) > to_millis(own);
  }

  [[nodiscard]] mcp::TaskView view_of(const VideoTask& task, const jobs::JobView& job,
                                      bool is_overtaken) const {
    const JobWords words = words_for(job, services_.max_wait);
    mcp::TaskView view;
    view.status_message = words.message;
    if (job.job.updated_at) view.last_updated = base::parse_rfc3339(*job.job.updated_at);
    if (!is_overtaken && !motion::is_settled(job.stage)) {
      view.poll_interval = std::clamp<milliseconds>(words.poll_after.value_or(kShortestPoll),
                                                    kShortestPoll, jobs::kMaxPollPause);
      return view;
    }
    view.status = mcp::TaskStatus::completed;
    view.result = job_result(job, services_.max_wait, {}, duplicate_note(task));
    view.result.is_error =
        job.stage == motion::Stage::failed || job.stage == motion::Stage::output_failed;
    return view;
  }

  [[nodiscard]] mcp::TaskView refused(const VideoTask& task, const Error& error) const {
    mcp::TaskView view;
    view.status = mcp::TaskStatus::completed;
    view.status_message = "The job cannot be asked for any more: " + error.message + ".";
    view.result = error_result(tool_, error, task.job_id);
    return view;
  }

  static mcp::TaskView unanswered(const Error& error) {
    mcp::TaskView view;
    view.status_message = "How the job stands is not known at the moment (" + error.message +
                          "); the job itself goes on.";
    view.poll_interval =
        std::max<milliseconds>(kShortestPoll, error.retry_after.value_or(seconds(0)));
    return view;
  }

  const std::string_view tool_;
  const Services services_;
};

}  // namespace

// {"job":ID,"sent":MS,"was":[COMPLETED_AT,OUTPUT_COMPLETED_AT],"ago":S}, as short as it goes.
std::string to_state(const VideoTask& task) {
  Json state = {{"job", task.job_id}};
  if (task.followup) {
    const auto& followup = *task.followup;
    const auto sent = to_millis(followup.sent_at).time_since_epoch();
    state["sent"] = std::chrono::duration_cast<milliseconds>(sent).count();
    state["was"] = Json::array({text_or_null(followup.baseline.completed_at),
                                text_or_null(followup.baseline.output_completed_at)});
  }
  if (task.ordered_before) state["ago"] = task.ordered_before->count();
  return state.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<VideoTask> video_task_from(std::string_view state) {
  const Json json = Json::parse(state, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("job") || !json["job"].is_string()) return std::nullopt;
  VideoTask task{json["job"].get<std::string>()};
  if (json.contains("was") && json["was"].is_array() && json["was"].size() == 2) {
    const base::WallTime sent_at{milliseconds(json.value("sent", std::int64_t{0}))};
    task.followup = jobs::Followup{{text_at(json["was"], 0), text_at(json["was"], 1)}, sent_at};
  }
  if (json.contains("ago")) task.ordered_before = seconds(json.value("ago", std::int64_t{0}));
  return task;
}

mcp::StartedTask started_task(const VideoTask& task, std::string_view message) {
  return {to_state(task), std::string(message), kShortestPoll};
}

std::shared_ptr<const mcp::TaskCode> make_video_tasks(std::string_view tool,
                                                      const Services& services) {
  const auto tasks = std::make_shared<const VideoTasks>(tool, services);
  mcp::TaskCode code;
  code.look = [tasks](const mcp::TaskCall& call) { return tasks->look(call); };
  code.cancel = [](const mcp::TaskCall&) { return VideoTasks::cancel(); };
  code.watch = [tasks](const mcp::TaskCall& call, std::function<void()> changed) {
    return tasks->watch(call, std::move(changed));
  };
  return std::make_shared<const mcp::TaskCode>(std::move(code));
}

}  // namespace motion_mcp::tools
