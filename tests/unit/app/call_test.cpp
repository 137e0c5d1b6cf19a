// Tries to lose a job's id, to mistake one outcome for another, to write anything but the result to
// stdout, and to leave a file behind that is no video.

#include "app/call.h"

#include <doctest/doctest.h>

#include <deque>
#include <functional>

#include "app/local_file.h"
#include "app/progress_line.h"
#include "fakes/manual_clock.h"
#include "fakes/scripted_http_client.h"
#include "unit/app/scratch_folder.h"

namespace motion_mcp::app {
namespace {

constexpr const char* kJob = "405d47cf-f72b-4852-b570-0de2446dbba1";
const std::string kMp4 = std::string("\0\0\0\x18", 4) + "ftypisom....the rest";

constexpr std::string_view kCreate =
    R"({"name": "create_video", "annotations": {"readOnlyHint": false},
    "inputSchema": {"type": "object", "properties": {"prompt": {"type": "string"}}, "required": ["prompt"]}})";
constexpr std::string_view kStatus =
    R"({"name": "get_video_status", "annotations": {"readOnlyHint": true},
    "inputSchema": {"type": "object", "properties": {"job_id": {"type": "string"}}, "required": ["job_id"]}})";

constexpr const char* kAssetUrl = "https://motioness.example/v1/pk_x/a.mp4";
constexpr std::string_view kAsset =
    R"({"name": "get_motion_asset", "annotations": {"readOnlyHint": false, "idempotentHint": true},
    "inputSchema": {"type": "object", "properties": {"url": {"type": "string"}}, "required": ["url"]}})";

constexpr std::string_view kSave =
    R"({"name": "save", "annotations": {"readOnlyHint": false, "idempotentHint": true},
    "inputSchema": {"type": "object"},
    "outputSchema": {"type": "object", "properties": {"path": {"type": "string"}}}})";

mcp::ToolResult job(const std::string& status, std::optional<int> poll_after,
                    const std::string& download_url = "") {
  Json structured = {{"job_id", kJob},
                     {"status", status},
                     {"ready", !download_url.empty()},
                     {"message", "m"},
                     {"next_step", "n"}};
  if (poll_after) structured["poll_after_seconds"] = *poll_after;
  if (!download_url.empty()) {
    structured["output"] = {{"status", "completed"}, {"download_url", download_url}};
  }
  mcp::ToolResult result;
  result.content.push_back(mcp::text_content("The job is " + status + ".\nNext: n"));
  result.structured_content = std::move(structured);
  return result;
}

mcp::ToolResult asset(const std::string& stage, std::optional<int> poll_after) {
  Json structured = {{"url", kAssetUrl},
                     {"ready", !poll_after},
                     {"stage", stage},
                     {"message", "m"},
                     {"next_step", "n"}};
  if (poll_after) structured["poll_after_seconds"] = *poll_after;
  mcp::ToolResult result;
  result.content.push_back(mcp::text_content("The asset is " + stage + ".\nNext: n"));
  result.structured_content = std::move(structured);
  return result;
}

mcp::ToolResult failure(ErrorKind kind) {
  mcp::ToolResult result;
  result.content.push_back(mcp::text_content("It failed."));
  result.is_error = true;
  result.meta = {{"motion-mcp/error", {{"kind", to_string(kind)}, {"job_id", kJob}}}};
  return result;
}

// A terminal, a service and a file host of the test's own.
struct Fixture {
  using Answer = std::function<mcp::ToolResult()>;

  ScratchFolder folder;
  fakes::ManualClock clock;
  fakes::ScriptedHttpClient http;
  std::stop_source stop;
  std::deque<Answer> creates;
  std::deque<Answer> looks;
  std::string out;
  std::string err;
  Console console{[this](std::string_view text) { out += text; },
                  [this](std::string_view text) { err += text; }, false};
  Config config;
  GivenFlags flags;

  static mcp::ToolResult take(std::deque<Answer>& answers) {
    if (answers.empty()) return failure(ErrorKind::internal);
    const Answer answer = std::move(answers.front());
    answers.pop_front();
    return answer();
  }

  ExitCode run(const std::string& tool, std::vector<ToolArgument> arguments) {
    const mcp::Server server(
        {.name = "t", .title = "T", .version = "1", .website_url = "", .instructions = ""},
        {{{kCreate, {[this](const mcp::ToolCall&) { return take(creates); }}},
          {kStatus, {[this](const mcp::ToolCall&) { return take(looks); }}},
          {kAsset, {[this](const mcp::ToolCall&) { return take(looks); }}},
          {kSave, {[this](const mcp::ToolCall&) { return take(creates); }}}}});
    McpClient client(server, {"motion_key"});
    CommandLine line;
    line.command = CommandName::call;
    line.subject = tool;
    line.arguments = std::move(arguments);
    line.flags = flags;
    const CallContext context{client,
                              http,
                              clock,
                              console,
                              [](const std::string& path) { return read_local_file(path, 1000); },
                              stop.get_token()};
    return run_call(context, config, line);
  }
  void reply_file(const std::string& content) {
    http.reply(200, content, {{"Content-Length", std::to_string(content.size())}});
  }
  ExitCode create() { return run("create_video", {{"prompt", "p"}}); }

  void creates_job() {
    creates.push_back([] { return job("queued", 3); });
  }
  void shows(const std::string& status, std::optional<int> poll_after,
             const std::string& download_url = "") {
    looks.push_back([=] { return job(status, poll_after, download_url); });
  }
  void look_fails(ErrorKind kind) {
    looks.push_back([=] { return failure(kind); });
  }
};

TEST_CASE("a call prints the tool's text and how to wait for the job") {
  Fixture f;
  f.creates_job();
  CHECK(f.create() == ExitCode::ok);
  CHECK(f.out == "The job is queued.\n");
  CHECK(f.err == std::string("The job goes on. To wait for it: motion-mcp call get_video_status "
                             "--job_id ") +
                     kJob + " --wait\n");
}

TEST_CASE("--wait looks as often as told, until nothing more can come") {
  Fixture f;
  f.config.wait = true;
  f.creates_job();
  f.shows("running", 5);
  f.shows("completed", std::nullopt, "https://files.example/v.mp4");
  CHECK(f.create() == ExitCode::ok);
  using std::chrono::milliseconds;
  CHECK(f.clock.sleeps() == std::vector<milliseconds>{milliseconds(3000), milliseconds(5000)});
  CHECK(f.out == "The job is completed.\n");
  CHECK(f.http.sent().empty());
}

TEST_CASE("an asset is asked for again by its url, and saved") {
  Fixture f;
  f.config.output = f.folder / "asset.mp4";
  f.looks.push_back([] { return asset("generating", 5); });
  f.looks.push_back([] { return asset("ready", std::nullopt); });
  f.reply_file(kMp4);
  CHECK(f.run("get_motion_asset", {{"url", kAssetUrl}}) == ExitCode::ok);
  CHECK(f.looks.empty());
  REQUIRE(f.http.sent().size() == 1);
  CHECK(f.http.sent()[0].url == kAssetUrl);

  Fixture pending;
  pending.looks.push_back([] { return asset("generating", 5); });
  CHECK(pending.run("get_motion_asset", {{"url", kAssetUrl}}) == ExitCode::ok);
  CHECK(pending.err.find("motion-mcp call get_motion_asset --url") != std::string::npos);
}

TEST_CASE("without a terminal each change is a line, on stderr") {
  Fixture f;
  f.config.wait = true;
  f.creates_job();
  f.shows("running", 5);
  f.shows("running", 5);
  f.shows("completed", std::nullopt, "https://files.example/v.mp4");
  f.create();
  CHECK(f.err == "0:00  create_video\n0:00  queued\n0:03  running\n");
}

TEST_CASE("on a terminal one line is rewritten every second, and taken away at the end") {
  Fixture f;
  f.console.err_is_terminal = true;
  f.config.wait = true;
  f.creates_job();
  f.shows("completed", std::nullopt, "https://files.example/v.mp4");
  f.create();
  CHECK(f.err ==
        "\r\x1b[K0:00  create_video"
        "\r\x1b[K0:00  queued  next look in 3 s"
        "\r\x1b[K0:01  queued  next look in 2 s"
        "\r\x1b[K0:02  queued  next look in 1 s"
        "\r\x1b[K");
  CHECK(f.clock.sleeps().size() == 3);
}

TEST_CASE("--output implies --wait and saves the video without the key") {
  Fixture f;
  f.config.output = f.folder / "launch.mp4";
  f.creates_job();
  f.shows("completed", std::nullopt, "https://files.example/v.mp4");
  f.reply_file(kMp4);
  CHECK(f.create() == ExitCode::ok);
  CHECK(f.out == "The job is completed.\nSaved " + f.config.output + " (24 bytes)\n");
  CHECK(read_whole(f.config.output) == kMp4);
  REQUIRE(f.http.sent().size() == 1);
  CHECK(f.http.sent()[0].headers.empty());
}

TEST_CASE("an output that cannot be written is refused before anything is called") {
  Fixture f;
  f.config.output = f.folder / "missing/launch.mp4";
  f.creates_job();
  CHECK(f.create() == ExitCode::usage);
  CHECK(f.creates.size() == 1);
  CHECK(f.err.find("motion-mcp: cannot write to ") == 0);
}

TEST_CASE("a job that ends without a video fails, and leaves no file") {
  Fixture f;
  f.config.output = f.folder / "launch.mp4";
  f.creates_job();
  f.shows("failed", std::nullopt);
  CHECK(f.create() == ExitCode::failed);
  CHECK(f.out == "The job is failed.\nNext: n\n");
  CHECK(f.folder.entries() == 0);
}

TEST_CASE("a clip that waits for credits is a matter of payment") {
  Fixture f;
  f.config.wait = true;
  f.creates.push_back([] {
    mcp::ToolResult result;
    result.structured_content =
        Json{{"run_id", "run-1"}, {"ready", false}, {"needs_credits", true}};
    return result;
  });
  CHECK(f.create() == ExitCode::payment);
}

TEST_CASE("a download that fails leaves no file and says how to try again") {
  Fixture f;
  f.config.output = f.folder / "launch.mp4";
  f.creates_job();
  f.shows("completed", std::nullopt, "https://files.example/v.mp4");
  f.reply_file("<html></html>");
  CHECK(f.create() == ExitCode::failed);
  CHECK(f.folder.entries() == 0);
  CHECK(f.err.find("is not an MP4") != std::string::npos);
  CHECK(f.err.find("The video is ready; to save it: motion-mcp call get_video_status --job_id " +
                   std::string(kJob) + " --output") != std::string::npos);
}

TEST_CASE("how to go on repeats the flags, some of which say where the job is") {
  Fixture f;
  f.config.wait = true;
  f.flags = {{"wait", "true"},
             {"json", "true"},
             {"api-base-url", "http://127.0.0.1:9/api/motion"},
             {"ledger", "/a folder/ledger.db"}};
  f.creates_job();
  f.look_fails(ErrorKind::not_found);
  f.create();
  CHECK(f.err.find(" --job_id " + std::string(kJob) +
                   " --wait --api-base-url=http://127.0.0.1:9/api/motion --json "
                   "'--ledger=/a folder/ledger.db'\n") != std::string::npos);
}

TEST_CASE("a link that died is renewed by another look") {
  Fixture f;
  f.config.output = f.folder / "launch.mp4";
  f.creates_job();
  f.shows("completed", std::nullopt, "https://files.example/v.mp4?dead");
  f.shows("completed", std::nullopt, "https://files.example/v.mp4?fresh");
  f.http.reply(403, "");
  f.reply_file(kMp4);
  CHECK(f.create() == ExitCode::ok);
  REQUIRE(f.http.sent().size() == 2);
  CHECK(f.http.sent()[1].url == "https://files.example/v.mp4?fresh");
}

TEST_CASE("a file larger than allowed is not fetched") {
  Fixture f;
  f.config.output = f.folder / "launch.mp4";
  f.config.max_download_bytes = kMp4.size() - 1;
  f.shows("completed", std::nullopt, "https://files.example/v.mp4");
  f.reply_file(kMp4);
  CHECK(f.run("get_video_status", {{"job_id", kJob}}) == ExitCode::usage);
  CHECK(f.folder.entries() == 0);
}

TEST_CASE("what fails after a call that may have spent has no code that invites a repeat") {
  for (const ErrorKind kind : {ErrorKind::unreachable, ErrorKind::invalid_argument,
                               ErrorKind::unauthenticated, ErrorKind::not_found}) {
    Fixture f;
    f.config.wait = true;
    f.creates_job();
    for (int i = 0; i < 5; ++i) f.look_fails(kind);
    CHECK(f.create() == ExitCode::failed);
    CHECK(f.err.find("create_video was done and its job exists, but waiting for it failed: ") !=
          std::string::npos);
    CHECK(f.err.find("The job goes on.") != std::string::npos);

    Fixture reading;
    reading.config.wait = true;
    reading.shows("running", 5);
    for (int i = 0; i < 5; ++i) reading.look_fails(kind);
    CHECK(reading.run("get_video_status", {{"job_id", kJob}}) == exit_code_of(kind));
  }
  Fixture too_large;
  too_large.config.output = too_large.folder / "launch.mp4";
  too_large.config.max_download_bytes = kMp4.size() - 1;
  too_large.creates_job();
  too_large.shows("completed", std::nullopt, "https://files.example/v.mp4");
  too_large.reply_file(kMp4);
  CHECK(too_large.create() == ExitCode::failed);
  CHECK(too_large.err.find("saving the video failed: ") != std::string::npos);

  Fixture cut;
  cut.config.output = cut.folder / "launch.mp4";
  cut.creates_job();
  cut.shows("completed", std::nullopt, "https://files.example/v.mp4");
  for (int i = 0; i < 9; ++i) cut.http.fail(ErrorKind::unreachable, "no way there");
  CHECK(cut.create() == ExitCode::failed);
  CHECK(cut.err.find("Call again") == std::string::npos);
  CHECK(cut.err.find("The video is ready; to save it: ") != std::string::npos);
}

TEST_CASE("a result that tells of a file and no job's state is a success") {
  Fixture f;
  f.creates.push_back([] {
    mcp::ToolResult result;
    result.content.push_back(mcp::text_content("Saved."));
    result.structured_content = Json{{"job_id", kJob}, {"path", "/a.mp4"}};
    return result;
  });
  CHECK(f.create() == ExitCode::ok);
}

TEST_CASE("--wait and --output are refused for a tool that tells of no video to come") {
  for (const char* flag : {"wait", "output"}) {
    Fixture f;
    f.flags = {{flag, flag == std::string("wait") ? "true" : "a.mp4"}};
    CHECK(f.run("save", {}) == ExitCode::usage);
    CHECK(f.err == "motion-mcp: --" + std::string(flag) +
                       " is of no use with save, which tells of no video to come. Leave it "
                       "out.\n");
  }
}

TEST_CASE("Ctrl-C ends a call at once that can be done again") {
  Fixture f;
  f.stop.request_stop();
  CHECK(f.run("save", {}) == ExitCode::interrupted);
  CHECK(f.err.find("so that the job's id") == std::string::npos);
}

TEST_CASE("a look that fails for a while is repeated") {
  Fixture f;
  f.config.wait = true;
  f.creates_job();
  for (int i = 0; i < 4; ++i) f.look_fails(ErrorKind::unavailable);
  f.shows("completed", std::nullopt, "https://files.example/v.mp4");
  CHECK(f.create() == ExitCode::ok);
}

TEST_CASE("looks that keep failing end the wait, and the job's id is said") {
  Fixture f;
  f.config.wait = true;
  f.creates_job();
  for (int i = 0; i < 9; ++i) f.look_fails(ErrorKind::unreachable);
  CHECK(f.create() == ExitCode::failed);
  CHECK(f.looks.size() == 4);
  CHECK(f.err.find("--job_id " + std::string(kJob)) != std::string::npos);
}

TEST_CASE("a look that fails for good ends the wait at once") {
  Fixture f;
  f.config.wait = true;
  f.creates_job();
  f.look_fails(ErrorKind::unauthenticated);
  f.shows("running", 5);
  CHECK(f.create() == ExitCode::failed);
  CHECK(f.looks.size() == 1);
}

TEST_CASE("a tool's failure goes to stderr and gives the exit code of its kind") {
  for (const ErrorKind kind : {ErrorKind::insufficient_credits, ErrorKind::outcome_unknown,
                               ErrorKind::no_credential, ErrorKind::conflict}) {
    Fixture f;
    f.creates.push_back([=] { return failure(kind); });
    CHECK(f.create() == exit_code_of(kind));
    CHECK(f.out.empty());
    CHECK(f.err == "It failed.\n");
  }
}

TEST_CASE("arguments that the server refuses are a usage error") {
  Fixture f;
  CHECK(f.run("create_video", {}) == ExitCode::usage);
  CHECK(f.err.find("prompt") != std::string::npos);
  CHECK(f.run("no_such_tool", {}) == ExitCode::usage);
  CHECK(f.err.find("create_video, get_video_status, get_motion_asset, save") != std::string::npos);
}

TEST_CASE("Ctrl-C while waiting leaves the job running and says how to go on") {
  Fixture f;
  f.config.output = f.folder / "a video.mp4";
  f.creates_job();
  f.looks.push_back([&] {
    f.stop.request_stop();
    return job("running", 5);
  });
  CHECK(f.create() == ExitCode::interrupted);
  CHECK(f.err.find("motion-mcp call get_video_status --job_id " + std::string(kJob) +
                   " --output '" + f.config.output + "'") != std::string::npos);
  CHECK(f.folder.entries() == 0);
}

TEST_CASE("Ctrl-C does not lose the id of a job that is being started") {
  Fixture f;
  f.creates.push_back([&] {
    f.stop.request_stop();
    return job("queued", 3);
  });
  CHECK(f.create() == ExitCode::ok);
  CHECK(f.out == "The job is queued.\n");
  CHECK(f.err.find("so that the job's id is not lost") != std::string::npos);
}

TEST_CASE("Ctrl-C before a call that only reads ends it at once") {
  Fixture f;
  f.stop.request_stop();
  CHECK(f.run("get_video_status", {{"job_id", kJob}}) == ExitCode::interrupted);
}

TEST_CASE("the sandbox's jobs end with the command, and that is said") {
  Fixture f;
  f.config.sandbox = true;
  f.creates_job();
  CHECK(f.create() == ExitCode::ok);
  CHECK(f.err.find("The sandbox ends with this command") == 0);
}

TEST_CASE("--json prints one document and nothing else on stdout") {
  Fixture f;
  f.config.json = true;
  f.config.output = f.folder / "launch.mp4";
  f.creates_job();
  f.shows("completed", std::nullopt, "https://files.example/v.mp4");
  f.reply_file(kMp4);
  CHECK(f.create() == ExitCode::ok);
  const Json document = Json::parse(f.out);
  CHECK(document["job_id"] == kJob);
  CHECK(document["ready"] == true);
  CHECK(document["file"]["path"] == f.config.output);
  CHECK(document["file"]["bytes"] == kMp4.size());
  CHECK(document["file"]["sha256"].get<std::string>().size() == 64);
  CHECK_FALSE(document.contains("error"));
}

TEST_CASE("--json tells failures too: the tool's, ours, and those after the job is known") {
  Fixture tool;
  tool.config.json = true;
  tool.creates.push_back([] { return failure(ErrorKind::outcome_unknown); });
  CHECK(tool.create() == ExitCode::outcome_unknown);
  CHECK(Json::parse(tool.out)["error"]["kind"] == "outcome_unknown");
  CHECK(Json::parse(tool.out)["error"]["message"] == "It failed.");

  Fixture ours;
  ours.config.json = true;
  CHECK(ours.run("no_such_tool", {}) == ExitCode::usage);
  CHECK(Json::parse(ours.out)["error"]["kind"] == "invalid_argument");

  Fixture later;
  later.config.json = later.config.wait = true;
  later.creates_job();
  later.look_fails(ErrorKind::unauthenticated);
  CHECK(later.create() == ExitCode::failed);
  CHECK(Json::parse(later.out)["job_id"] == kJob);
  CHECK(Json::parse(later.out)["error"]["kind"] == "unauthenticated");
}

TEST_CASE("elapsed time reads like a clock") {
  using std::chrono::seconds;
  CHECK(clock_text(seconds(7)) == "0:07");
  CHECK(clock_text(seconds(750)) == "12:30");
  CHECK(clock_text(seconds(3725)) == "1:02:05");
}

}  // namespace
}  // namespace motion_mcp::app
