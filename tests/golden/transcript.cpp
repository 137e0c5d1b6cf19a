#include "golden/transcript.h"

#include <doctest/doctest.h>

#include <chrono>
#include <fstream>
#include <mutex>
#include <sstream>

#include "base/json_value.h"
#include "fakes/manual_clock.h"
#include "fakes/scripted_http_client.h"
#include "jobs/followup_baselines.h"
#include "jobs/watcher.h"
#include "motion/client.h"
#include "tools/instructions.h"
#include "tools/tool_table.h"
#include "transport/line_session.h"

namespace motion_mcp::golden {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 20s;
constexpr auto kMaxWait = 50s;
constexpr const char* kPerRequestVersion = "2026-07-28";

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
  explicit Player(std::string_view version) : version_(version) {
    std::vector<mcp::Tool> tools;
    for (const tools::Entry& entry : tools::all_tools()) {
      tools.push_back(
          {entry.definition, entry.make({motion_, baselines_, clock_, watcher_, kMaxWait})});
    }
    server_ = std::make_unique<mcp::Server>(
        mcp::ServerInfo{"motion-mcp", "Motion video", "0.0.0-golden", "https://motion.so",
                        tools::compose_instructions(tools::all_tools(), kMaxWait)},
        std::move(tools));
    session_ = std::make_unique<transport::LineSession>(
        *server_, mcp::Caller{"motion_golden_transcript_key"}, pool_,
        [this](std::string_view lines) { take(lines); });
    open();
  }

  void play(std::string_view line) {
    const auto [command, rest] = split(line);
    if (command == "note") {
      text_ += "\n# " + std::string(rest) + "\n";
    } else if (command == "upstream") {
      const auto [status, body] = split(rest);
      script_answer(std::stoi(std::string(status)), body);
    } else if (command == "request") {
      const auto [method, params] = split(rest);
      request(method, Json::parse(params));
    } else if (command == "call") {
      const auto [tool, arguments] = split(rest);
      request("tools/call", {{"name", tool}, {"arguments", Json::parse(arguments)}});
    } else if (command == "raw") {
      send(std::string(rest));
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

  void request(std::string_view method, Json params) {
    if (!has_handshake()) {
      params["_meta"] = {{"io.modelcontextprotocol/protocolVersion", version_},
                         {"io.modelcontextprotocol/clientCapabilities", Json::object()}};
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
    http_.reply_with([this, status, text](const net::HttpRequest& asked,
                                          const auto&) -> Result<net::HttpResponse> {
      const std::lock_guard lock(mutex_);
      text_ += "** " + asked.method + " " + asked.url +
               (asked.body.empty() ? "" : " " + asked.body) + "\n** " + std::to_string(status) +
               " " + Json::parse(text).dump() + "\n";
      return net::HttpResponse{status, {{"Content-Type", "application/json"}}, text};
    });
  }

  void send(const std::string& line) {
    text_ += "-> " + line + "\n";
    session_->feed(line);
    session_->flush();
    REQUIRE(session_->wait_idle(base::system_clock().now() + kDeadline));
    REQUIRE_MESSAGE(http_.answers_left() == 0, "the API was not asked by: " << line);
  }

  void take(std::string_view lines) {
    const std::lock_guard lock(mutex_);
    while (!lines.empty()) {
      const std::size_t end = lines.find('\n');
      text_ += "<- " + std::string(lines.substr(0, end)) + "\n";
      lines.remove_prefix(end + 1);
    }
  }

  const std::string version_;
  int next_id_ = 1;
  std::mutex mutex_;  // what follows is written by workers, too
  std::string text_;

  fakes::ScriptedHttpClient http_;
  fakes::ManualClock clock_;
  motion::Client motion_{http_, clock_, {}};
  jobs::FollowupBaselines baselines_;
  jobs::Watcher watcher_{motion_, baselines_, clock_, {}};
  base::WorkerPool pool_{{}};
  std::unique_ptr<mcp::Server> server_;
  std::unique_ptr<transport::LineSession> session_;
};

}  // namespace

std::string play(std::string_view script, std::string_view version) {
  Player player(version);
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
