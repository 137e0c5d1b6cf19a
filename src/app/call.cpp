#include "app/call.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "app/output_file.h"
#include "app/progress_line.h"
#include "app/shell_quote.h"
#include "app/tool_outcome.h"
#include "app/wait.h"
#include "base/redact.h"
#include "download/download.h"

namespace motion_mcp::app {
namespace {

// How it went, collected along the way and reported once.
struct Report {
  ToolOutcome outcome;       // empty when no call was answered
  bool has_ordered = false;  // a call that may spend was answered: it is not to be repeated
  std::optional<Error> error;
  std::optional<download::Saved> saved;
};

Result<Json> find_tool(McpClient& client, const std::string& name) {
  const Json listed = TRY(client.request("tools/list", Json::object()));
  std::string names;
  for (const Json& tool : listed.value("tools", Json::array())) {
    const std::string known = string_at(tool, "name");
    if (known == name) return tool;
    names += (names.empty() ? "" : ", ") + known;
  }
  return Error{ErrorKind::invalid_argument,
               name.empty() ? "call needs a tool"
                            : "the tool " + name + " is not served with these settings",
               "Served are: " + names + "."};
}

// Of a tool that never tells of a video there is nothing to wait for or to save.
Result<void> check_waits_for_something(const Json& tool, const GivenFlags& given) {
  const bool wants_output = given.contains("output");
  if (!wants_output && !given.contains("wait")) return {};
  const Json told = tool.value("outputSchema", Json::object()).value("properties", Json::object());
  if (told.empty() || told.contains("ready")) return {};
  return Error{ErrorKind::invalid_argument,
               std::string(wants_output ? "--output" : "--wait") + " is of no use with " +
                   string_at(tool, "name") + ", which tells of no video to come",
               "Leave it out."};
}

// What changes nothing, and what can be done again, may be given up.
bool may_be_given_up(const Json& tool) {
  const Json hints = tool.value("annotations", Json::object());
  return hints.value("readOnlyHint", Json()) == true ||
         hints.value("idempotentHint", Json()) == true;
}

// A call that may spend is seen through: its answer has the job's id.
Result<ToolOutcome> call_once(const CallContext& context, const Json& tool, Json arguments) {
  const std::string name = string_at(tool, "name");
  if (may_be_given_up(tool)) {
    return call_tool(context.client, name, std::move(arguments), context.stop);
  }
  const std::stop_callback note(context.stop, [&] {
    context.console.err(
        "\nWaiting for the answer, so that the job's id is not lost. Ctrl-C again leaves at "
        "once.\n");
  });
  return call_tool(context.client, name, std::move(arguments), {});
}

std::string megabytes(std::uint64_t bytes) {
  const std::uint64_t tenths = bytes * 10 / 1'000'000;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MB";
}

Result<std::string> renew_link(const CallContext& context, const JobReference& job) {
  const ToolOutcome look =
      TRY(call_tool(context.client, job.status_tool, {{job.id_name, job.id}}, context.stop));
  if (look.is_ready()) return look.video_link();
  return Error{look.is_error ? look.kind : ErrorKind::conflict, look.text};
}

Result<download::Saved> fetch(const CallContext& context, const Config& config,
                              const ToolOutcome& ready, download::PartFile file,
                              ProgressLine& progress) {
  std::uint64_t shown = 0;
  download::Video video;
  video.link = ready.video_link();
  video.renew_link = [&] { return renew_link(context, ready.job()); };
  video.max_bytes = config.max_download_bytes;
  video.on_progress = [&](std::uint64_t bytes, std::optional<std::uint64_t> total) {
    if (megabytes(bytes) == megabytes(shown) && shown != 0) return;
    shown = bytes;
    progress.show("downloading", megabytes(bytes) + (total ? " of " + megabytes(*total) : ""));
  };
  return download::download_video(context.http, context.clock, video, std::move(file),
                                  context.stop);
}

// What failed is free to repeat, the command is not: its words must not read as if it were.
void tell_of_order(const std::string& tool, Report& report) {
  Error& error = *report.error;
  const ExitCode code = exit_code_of(error.kind);
  // "Call again": how is said in the end, with the job's id.
  if (code == ExitCode::try_again || code == ExitCode::interrupted) error.next_step.clear();
  if (code == ExitCode::interrupted) return;
  error.message = tool + " was done and its job exists, but " +
                  (report.outcome.is_ready() ? "saving the video" : "waiting for it") +
                  " failed: " + error.message;
}

void perform(const CallContext& context, const Config& config, const CommandLine& line,
             Report& report) {
  const bool waits = config.wait || !config.output.empty();
  const auto attempt = [&]() -> Result<void> {
    const Json tool = TRY(find_tool(context.client, line.subject));
    TRY(check_waits_for_something(tool, line.flags));
    // Before anything is spent.
    std::optional<download::PartFile> file;
    if (!config.output.empty()) {
      file.emplace(TRY(open_output(config.output, context.clock, context.stop)));
    }
    Json arguments = TRY(typed_arguments(tool.value("inputSchema", Json::object()), line.arguments,
                                         context.read_file));

    ProgressLine progress(context.console, context.clock);
    if (waits || progress.is_live()) progress.show(line.subject);
    report.outcome = TRY(call_once(context, tool, std::move(arguments)));
    if (report.outcome.is_error || !waits) return {};

    report.has_ordered = !may_be_given_up(tool);
    WaitEnd end = wait_until_settled(context.client, context.clock, std::move(report.outcome),
                                     progress, context.stop);
    report.outcome = std::move(end.last);
    if (end.error) return *std::move(end.error);
    if (!file || !report.outcome.is_ready()) return {};
    report.saved = TRY(fetch(context, config, report.outcome, *std::move(file), progress));
    return {};
  };
  if (auto done = attempt(); !done) report.error = std::move(done).error();
  if (report.error && report.has_ordered) tell_of_order(line.subject, report);
}

ExitCode code_of(const Report& report) {
  if (report.error) {
    const ExitCode code = exit_code_of(report.error->kind);
    return report.has_ordered && code != ExitCode::interrupted ? ExitCode::failed : code;
  }
  if (report.outcome.is_error) return exit_code_of(report.outcome.kind);
  const Json& structured = report.outcome.structured;
  const bool tells_of_job = structured.is_object() && structured.contains("ready");
  const bool ended_without_video =
      tells_of_job && !report.outcome.is_ready() && !report.outcome.poll_after();
  if (!ended_without_video) return ExitCode::ok;
  const bool needs_credits = structured.value("needs_credits", Json()) == true;
  return needs_credits ? ExitCode::payment : ExitCode::failed;
}

Json to_json(const Error& error) {
  Json json = {{"kind", to_string(error.kind)}, {"message", base::redact(error.message)}};
  if (!error.next_step.empty()) json["next_step"] = error.next_step;
  return json;
}

void print_json(const Console& console, const Report& report) {
  Json document =
      report.outcome.structured.is_object() ? report.outcome.structured : Json::object();
  if (report.saved) {
    document["file"] = {{"path", report.saved->path},
                        {"bytes", report.saved->bytes},
                        {"sha256", report.saved->sha256}};
  }
  if (report.error) {
    document["error"] = to_json(*report.error);
  } else if (report.outcome.is_error) {
    document["error"] = {{"kind", to_string(report.outcome.kind)},
                         {"message", report.outcome.text}};
    if (report.outcome.facts.is_object()) document["error"].update(report.outcome.facts);
  }
  console.out(document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

// The tool's text. While all goes well its last line tells an agent what to call next; that is left
// out.
std::string text_for_people(const ToolOutcome& outcome) {
  const std::string advice = "\nNext: " + string_at(outcome.structured, "next_step");
  const bool goes_well = outcome.is_ready() || outcome.poll_after();
  if (!goes_well || !outcome.text.ends_with(advice)) return outcome.text;
  return outcome.text.substr(0, outcome.text.size() - advice.size());
}

void print_text(const Console& console, const Report& report) {
  if (report.outcome.is_error) {
    console.err(report.outcome.text + "\n");
  } else if (!report.outcome.text.empty()) {
    console.out(text_for_people(report.outcome) + "\n");
  }
  if (report.saved) {
    console.out("Saved " + report.saved->path + " (" + std::to_string(report.saved->bytes) +
                " bytes)\n");
  }
  if (report.error) print_error(console, *report.error);
}

// The flags of this call that the next one needs too: some say where the job is.
std::string repeated_flags(const GivenFlags& given) {
  std::string text;
  for (const auto& [name, value] : given) {
    if (name == "wait" || name == "output") continue;
    const bool is_bare = find_flag(name)->is_switch() && value == "true";
    text += " " + shell_quoted("--" + name + (is_bare ? "" : "=" + value));
  }
  return text;
}

// The job outlives the command, but for the sandbox's.
void say_how_to_go_on(const Console& console, const Config& config, const GivenFlags& given,
                      const Report& report) {
  const JobReference job = report.outcome.job();
  const bool is_cut_short = report.error || output_fault();  // the id may have been in what is lost
  const bool has_more = report.outcome.poll_after() || (is_cut_short && report.outcome.is_ready());
  if (job.id.empty() || !has_more || report.saved) return;
  if (config.sandbox) {
    console.err(
        "The sandbox ends with this command, and the job with it; --wait sees it through.\n");
    return;
  }
  std::string command = "motion-mcp call " + std::string(job.status_tool) + " --" + job.id_name +
                        " " + shell_quoted(job.id);
  command += config.output.empty() ? " --wait" : " --output " + shell_quoted(config.output);
  command += repeated_flags(given);
  const std::string ready_to = config.output.empty() ? "see" : "save";
  console.err((report.outcome.is_ready() ? "The video is ready; to " + ready_to + " it: "
                                         : "The job goes on. To wait for it: ") +
              command + "\n");
}

}  // namespace

ExitCode run_call(const CallContext& context, const Config& config, const CommandLine& line) {
  Report report;
  perform(context, config, line, report);
  config.json ? print_json(context.console, report) : print_text(context.console, report);
  say_how_to_go_on(context.console, config, line.flags, report);
  return code_of(report);
}

}  // namespace motion_mcp::app
