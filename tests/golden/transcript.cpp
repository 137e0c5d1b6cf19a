#include "golden/transcript.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <mutex>
#include <sstream>

#include "base/json_value.h"
#include "fakes/scripted_http_client.h"
#include "fakes/stepped_clock.h"
#include "golden/wire.h"
#include "jobs/followup_baselines.h"
#include "jobs/watcher.h"
#include "motion/client.h"
#include "motioness/client.h"
#include "motioness/key.h"
#include "tools/instructions.h"
#include "tools/job_resources.h"
#include "tools/tool_table.h"
#include "tools/video_card.h"

namespace motion_mcp::golden {
namespace {

using namespace std::chrono_literals;

constexpr auto kMaxWait = 50s;
constexpr const char* kPerRequestVersion = "2026-07-28";
constexpr const char* kTasksExtension = "io.modelcontextprotocol/tasks";

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE_MESSAGE(file.good(), path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Splits "word rest" at the first blank.
std::pair<std::string_view, std::string_view> split(std::string_view line) {
  const std::size_t blank = line.find(' ');
  if (blank == std::string_view::npos) return {line, {}};
  return {line.substr(0, blank), line.substr(blank + 1)};
}

class Player {
 public:
  Player(const Session& session, std::string_view version) : version_(version) {
    const tools::Services services{motion_,
                                   baselines_,
                                   clock_,
                                   guard_,
                                   watcher_,
                                   approvals_,
                                   kMaxWait,
                                   &ledger_,
                                   {},
                                   &mosaic_services_,
                                   &motioness_services_};
    std::vector<mcp::Tool> tools;
    for (const tools::Entry& entry : tools::all_tools()) {
      const std::string credential(tools::credential_of(entry.toolset));
      tools.push_back({entry.definition, entry.make(services), credential});
    }
    server_ = std::make_unique<mcp::Server>(
        mcp::ServerInfo{"motion-mcp", "Motion video", "0.0.0-golden", "https://motion.so",
                        tools::compose_instructions(tools::all_tools(), kMaxWait),
                        tools::further_instructions(tools::all_tools(), kMaxWait)},
        mcp::Features{
            std::move(tools), tools::make_job_resources(tools::all_tools(), services),
            tools::make_video_card(tools::all_tools(), {std::string(motion::kDefaultMediaOrigin)})},
        nullptr, clock_);
    const auto take = [this](std::string_view line) { this->take(line); };
    const mcp::Caller caller{kKey, session.keys};
    wire_ = session.over == Over::http ? make_http_wire(*server_, clock_, version, take)
                                       : make_stdio_wire(*server_, caller, take);
    open();
  }

  void play(std::string_view line) {
    const auto [command, rest] = split(line);
    if (command == "note") {
      is_played_ = true;
      add_note(rest);
    } else if (command == "since") {
      const auto [first, text] = split(rest);
      is_played_ = version_ >= first;
      if (is_played_) add_note(text);
    } else if (!is_played_) {
      return;
    } else if (command == "upstream") {
      const auto [status, body] = split(rest);
      script_answer(std::stoi(std::string(status)), body);
    } else if (command == "proxy") {
      const auto [status, answer] = split(rest);
      const auto [headers, body] = split(answer);
      script_proxy_answer(std::stoi(std::string(status)), Json::parse(headers), std::string(body));
    } else if (command == "request") {
      const auto [method, params] = split(rest);
      request(method, Json::parse(params));
    } else if (command == "call") {
      const auto [tool, arguments] = split(rest);
      request("tools/call", {{"name", tool}, {"arguments", Json::parse(arguments)}});
    } else if (command == "task") {
      const auto [method, params] = split(rest);
      request(method, Json::parse(params), {{"extensions", {{kTasksExtension, Json::object()}}}});
    } else if (command == "pass") {
      clock_.advance(std::chrono::seconds(std::stoi(std::string(rest))));
    } else if (command == "raw") {
      send(std::string(rest));
    } else if (command == "header") {
      wire_->set_header(rest);
    } else if (command == "http") {
      wire_->send_bodiless(rest);
    } else {
      FAIL("no such command: " << line);
    }
  }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  [[nodiscard]] bool has_handshake() const { return version_ != kPerRequestVersion; }

  void open() {
    if (!has_handshake()) return request("server/discover", Json::object());
    request("initialize", {{"protocolVersion", version_},
                           {"capabilities", Json::object()},
                           {"clientInfo", {{"name", "golden"}, {"version", "1"}}}});
    send(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
  }

  void request(std::string_view method, Json params, const Json& capabilities = Json::object()) {
    if (!has_handshake()) {
      params["_meta"] = {{"io.modelcontextprotocol/protocolVersion", version_},
                         {"io.modelcontextprotocol/clientCapabilities", capabilities}};
    }
    const Json message = {
        {"jsonrpc", "2.0"}, {"id", next_id_++}, {"method", method}, {"params", params}};
    send(message.dump());
  }

  // What is asked of the API, and its answer, as they happen.
  void script_answer(int status, std::string_view body) {
    const bool is_file = !body.empty() && body.front() != '{';
    const std::string text =
        is_file ? read_file(std::string(MOTION_MCP_SOURCE_DIR "/tests/fixtures/vendor/") +
                            std::string(body))
                : std::string(body);
    ++scripted_;
    http_.reply_with([this, status, text](const net::HttpRequest& asked,
                                          const auto&) -> Result<net::HttpResponse> {
      const std::lock_guard lock(mutex_);
      text_ += "** " + asked.method + " " + asked.url +
               (asked.body.empty() ? "" : " " + asked.body) + "\n** " + std::to_string(status) +
               " " + Json::parse(text).dump() + "\n";
      return net::HttpResponse{status, {{"Content-Type", "application/json"}}, text};
    });
  }

  // The same with headers, and any body.
  void script_proxy_answer(int status, const Json& headers, std::string body) {
    net::HttpResponse answer{status, {}, std::move(body)};
    for (const auto& [name, value] : headers.items()) {
      answer.headers.emplace_back(name, value.get<std::string>());
    }
    ++scripted_;
    http_.reply_with([this, answer, shown = headers.dump()](
                         const net::HttpRequest& asked, const auto&) -> Result<net::HttpResponse> {
      const std::lock_guard lock(mutex_);
      text_ += "** " + asked.method + " " + asked.url + "\n** " + std::to_string(answer.status) +
               " " + shown + " " + answer.body + "\n";
      return answer;
    });
  }

  void send(const std::string& line) {
    wire_->send(with_task_ids(line));
    // A request too many would also take its answer from another thread's at random.
    REQUIRE_MESSAGE(http_.sent().size() == scripted_, "requests scripted and sent by: " << line);
  }

  void take(std::string_view line) {
    const std::lock_guard lock(mutex_);
    if (line.starts_with("<-")) learn_task_ids(line);
    text_ += without_task_ids(std::string(line)) + "\n";
  }

  void add_note(std::string_view text) { text_ += "\n# " + std::string(text) + "\n"; }

  // A taskId is another in every run: in the transcript and the script it is "task-1", "task-2" ...
  void learn_task_ids(std::string_view answer) {
    constexpr std::string_view kMember = R"("taskId":")";
    for (std::size_t at = answer.find(kMember); at != std::string::npos;
         at = answer.find(kMember, at)) {
      at += kMember.size();
      const std::string id(answer.substr(at, answer.find('"', at) - at));
      if (std::find(task_ids_.begin(), task_ids_.end(), id) == task_ids_.end()) {
        task_ids_.push_back(id);
      }
    }
  }
  [[nodiscard]] std::string without_task_ids(std::string line) const {
    for (std::size_t i = 0; i < task_ids_.size(); ++i) replace(line, task_ids_[i], label_of(i));
    return line;
  }
  [[nodiscard]] std::string with_task_ids(std::string line) const {
    for (std::size_t i = 0; i < task_ids_.size(); ++i) replace(line, label_of(i), task_ids_[i]);
    return line;
  }
  static std::string label_of(std::size_t index) { return "task-" + std::to_string(index + 1); }
  static void replace(std::string& line, const std::string& from, const std::string& to) {
    for (std::size_t at = line.find(from); at != std::string::npos; at = line.find(from, at)) {
      line.replace(at, from.size(), to);
      at += to.size();
    }
  }

  const std::string version_;
  bool is_played_ = true;
  std::vector<std::string> task_ids_;
  int next_id_ = 1;
  std::size_t scripted_ = 0;  // answers of the API, so far
  std::mutex mutex_;  // what follows is written by workers, too
  std::string text_;

  fakes::ScriptedHttpClient http_;
  fakes::SteppedClock clock_;
  motion::Client motion_{http_, clock_, {}};
  jobs::Ledger ledger_{{}, clock_};
  jobs::FollowupBaselines baselines_{&ledger_};
  jobs::SpendGuard guard_{ledger_, clock_, {}};
  tools::Approvals approvals_{tools::Approvals::Ask::never, base::SealKeySource::of_this_process(),
                              clock_};
  jobs::Watcher watcher_{motion_, baselines_, clock_, {}};
  mosaic::Client mosaic_{http_, clock_, {}};
  jobs::AgentBook agents_{jobs::Ledger::kInMemory};
  jobs::ClipWatcher clip_watcher_{mosaic_, ledger_, clock_, {}};
  jobs::OneAtATime turns_;
  tools::MosaicServices mosaic_services_{mosaic_, guard_, clip_watcher_, agents_, ledger_, turns_};
  motioness::Client motioness_{http_, clock_};
  tools::MotionessServices motioness_services_{motioness_, guard_,
                                               std::string(motioness::kDefaultBaseUrl)};
  std::unique_ptr<mcp::Server> server_;
  std::unique_ptr<Wire> wire_;
};

}  // namespace

std::string play(const Session& session, std::string_view version) {
  Player player(session, version);
  std::string_view script = session.script;
  // Answers of the API are scripted before the request that asks for them.
  while (!script.empty()) {
    const std::size_t end = std::min(script.find('\n'), script.size());
    const std::string_view line = script.substr(0, end);
    if (!line.empty() && line.front() != '#') player.play(line);
    script.remove_prefix(std::min(end + 1, script.size()));
  }
  return player.text();
}

}  // namespace motion_mcp::golden
