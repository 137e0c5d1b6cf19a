#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/random.h"
#include "conformance/fixtures.h"
#include "mcp/task.h"

namespace motion_mcp::conformance {
namespace {

using mcp::TaskAck;
using mcp::TaskCall;
using mcp::TaskStatus;
using mcp::TaskView;
using mcp::ToolCall;
using mcp::ToolResult;

constexpr std::chrono::milliseconds kPollInterval{200};

ToolResult text(const std::string& words) {
  ToolResult result;
  result.content.push_back(mcp::text_content(words));
  return result;
}

// Work that ends `takes` after it began and its questions were answered.
struct Job {
  base::SteadyTime began;
  std::chrono::milliseconds takes{};
  std::vector<std::pair<std::string, mcp::InputRequest>> questions = {};
  ToolResult result = {};
  int error_code = 0;  // of a task that fails
  bool is_cancelled = false;
};

// The jobs of this process.
class Jobs : public std::enable_shared_from_this<Jobs> {
 public:
  // The result of a call that starts `job`: a task, and for clients without tasks the same result
  // after the wait.
  ToolResult start(Job job, const ToolCall& call) {
    job.began = clock_.now();
    ToolResult result = job.result;
    if (!call.takes_task) {
      clock_.sleep_until(job.began + job.takes, call.stop);
      return result;
    }
    std::string id = base::random_uuid();
    const std::lock_guard lock(mutex_);
    jobs_.emplace(id, std::move(job));
    result.is_error = false;
    result.task = mcp::StartedTask{std::move(id), "The work has begun.", kPollInterval};
    return result;
  }

  std::shared_ptr<const mcp::TaskCode> code(bool is_only_answer = false) {
    auto code = std::make_shared<mcp::TaskCode>();
    const auto self = shared_from_this();
    code->look = [self](const TaskCall& call) { return self->look(call); };
    code->update = [self](const TaskCall& call, const Json& responses) {
      return self->update(call, responses);
    };
    code->cancel = [self](const TaskCall& call) { return self->cancel(call); };
    code->ttl = std::chrono::minutes(10);
    code->is_only_answer = is_only_answer;
    return code;
  }

 private:
  bool is_done(const Job& job) const {
    return job.questions.empty() && clock_.now() >= job.began + job.takes;
  }

  std::optional<TaskView> look(const TaskCall& call) {
    const std::lock_guard lock(mutex_);
    const auto found = jobs_.find(std::string(call.state));
    if (found == jobs_.end()) return std::nullopt;
    const Job& job = found->second;
    TaskView view;
    view.poll_interval = kPollInterval;
    if (job.is_cancelled) {
      view.status = TaskStatus::cancelled;
    } else if (!job.questions.empty()) {
      view.status = TaskStatus::input_required;
      view.input_requests = job.questions;
    } else if (is_done(job) && job.error_code != 0) {
      view.status = TaskStatus::failed;
      view.error_code = job.error_code;
      view.error_message = "The work met a fault of the protocol.";
    } else if (is_done(job)) {
      view.status = TaskStatus::completed;
      view.result = job.result;
    }
    return view;
  }

  std::optional<TaskAck> update(const TaskCall& call, const Json& responses) {
    const std::lock_guard lock(mutex_);
    const auto found = jobs_.find(std::string(call.state));
    if (found == jobs_.end()) return std::nullopt;
    std::erase_if(found->second.questions,
                  [&](const auto& question) { return responses.contains(question.first); });
    return TaskAck{};
  }

  std::optional<TaskAck> cancel(const TaskCall& call) {
    const std::lock_guard lock(mutex_);
    const auto found = jobs_.find(std::string(call.state));
    if (found == jobs_.end()) return std::nullopt;
    if (!is_done(found->second)) found->second.is_cancelled = true;
    return TaskAck{};
  }

  const base::Clock& clock_ = base::system_clock();
  std::mutex mutex_;
  std::map<std::string, Job> jobs_;
};

mcp::InputRequest confirm(const std::string& message) {
  return {"elicitation/create",
          {{"message", message},
           {"requestedSchema",
            {{"type", "object"},
             {"properties", {{"confirm", {{"type", "boolean"}}}}},
             {"required", {"confirm"}}}}}};
}

mcp::InputRequest ask_name() {
  return {"elicitation/create",
          {{"message", "What is your name?"},
           {"requestedSchema",
            {{"type", "object"},
             {"properties", {{"name", {{"type", "string"}}}}},
             {"required", {"name"}}}}}};
}

ToolResult greet(const ToolCall& call) {
  return text("Hello, " + call.arguments.value("name", "") + "!");
}

Job slow_compute(const ToolCall& call) {
  const double seconds = call.arguments.value("seconds", 1.0);
  Job job;
  job.takes = std::chrono::milliseconds(static_cast<long>(seconds * 1000));
  job.result = text("Computed " + call.arguments.value("label", "it") + ".");
  return job;
}

Job failing_job() {
  Job job;
  job.takes = std::chrono::seconds(1);
  job.result = text("The job failed.");
  job.result.is_error = true;
  return job;
}

Job protocol_error_job() {
  Job job;
  job.takes = std::chrono::milliseconds(300);
  job.error_code = -32603;
  return job;
}

Job confirm_delete(const ToolCall& call) {
  const std::string file = call.arguments.value("filename", "");
  Job job;
  job.questions.emplace_back("confirm", confirm("Delete " + file + "?"));
  job.result = text("Deleted " + file + ".");
  return job;
}

Job multi_input() {
  Job job;
  job.questions.emplace_back("first", confirm("The first?"));
  job.questions.emplace_back("second", confirm("The second?"));
  job.result = text("Both were answered.");
  return job;
}

ToolResult ask_and_start(const std::shared_ptr<Jobs>& jobs, const ToolCall& call) {
  const auto answer = call.input.answers.find("user_name");
  if (answer == call.input.answers.end()) {
    ToolResult result;
    result.input_required = mcp::InputRequired{{{"user_name", ask_name()}}, {}};
    return result;
  }
  Job job;
  job.takes = std::chrono::milliseconds(300);
  job.result =
      text("Hello, " + answer->value("content", Json::object()).value("name", "stranger") + "!");
  return jobs->start(std::move(job), call);
}

}  // namespace

std::vector<mcp::Tool> task_tools() {
  const auto jobs = std::make_shared<Jobs>();
  const auto starts = [&](auto make, bool is_only_answer = false) {
    return mcp::ToolCode{
        [jobs, make](const ToolCall& call) { return jobs->start(make(call), call); },
        {},
        jobs->code(is_only_answer)};
  };
  return {
      {R"({"name":"greet","description":"Answers at once","inputSchema":{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}})",
       {greet}},
      {R"({"name":"slow_compute","description":"Takes its time","inputSchema":{"type":"object","properties":{"seconds":{"type":"number"},"label":{"type":"string"}}}})",
       starts(slow_compute)},
      {R"({"name":"failing_job","description":"Fails after a second","inputSchema":{"type":"object"}})",
       starts([](const ToolCall&) { return failing_job(); }, true)},
      {R"({"name":"protocol_error_job","description":"Ends with a fault of the protocol","inputSchema":{"type":"object"}})",
       starts([](const ToolCall&) { return protocol_error_job(); })},
      {R"({"name":"confirm_delete","description":"Asks while it runs","inputSchema":{"type":"object","properties":{"filename":{"type":"string"}},"required":["filename"]}})",
       starts(confirm_delete)},
      {R"({"name":"multi_input","description":"Asks two things while it runs","inputSchema":{"type":"object"}})",
       starts([](const ToolCall&) { return multi_input(); })},
      {R"({"name":"test_tool_with_task","description":"Asks, then takes its time","inputSchema":{"type":"object"}})",
       {[jobs](const ToolCall& call) { return ask_and_start(jobs, call); }, {}, jobs->code()}},
  };
}

}  // namespace motion_mcp::conformance
