// Answers of the Motion API, as a broken service or a proxy might give them. Tries to have a POST
// repeated that may have been taken, and an error that says nothing.
//
// The bytes are a status, headers and a body: "202\nRetry-After: 5\n\n{...}".
#include <charconv>

#include "fakes/manual_clock.h"
#include "fakes/scripted_http_client.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/request_text.h"
#include "jsonrpc/message.h"
#include "motion/client.h"

namespace motion_mcp::fuzz {
namespace {

constexpr const char* kKey = "motion_0123456789abcdef";
constexpr const char* kJob = "00000000-0000-4000-8000-000000000000";
constexpr std::size_t kMostAttempts = 8;  // more than any call makes

// What the service says of an error in JSON is repeated, a proxy's page is not.
void check_error(const Error& error, const net::HttpResponse& answer) {
  require(!error.message.empty(), "an error says what happened");
  require(error.message.find(kKey) == std::string::npos, "an error does not repeat the key",
          error.message);
  require(error.message.size() + error.next_step.size() < 4096, "an error is short", error.message);
  require(Json::accept(answer.body) || error.message.find('<') == std::string::npos,
          "an error holds no HTML", error.message);
}

template <class Call>
auto ask(const net::HttpResponse& answer, const Call& call) {
  fakes::ScriptedHttpClient http;
  for (std::size_t i = 0; i < kMostAttempts; ++i) http.reply(answer);
  const fakes::ManualClock clock;
  const motion::Client client(http, clock, {});
  const auto result = call(client);
  const std::size_t attempts = http.sent().size();
  require(attempts >= 1 && attempts < kMostAttempts, "a call ends", std::to_string(attempts));
  const bool may_repeat_post = answer.status == 429 || answer.status == 503;
  require(attempts == 1 || http.sent().front().method == "GET" || may_repeat_post,
          "a POST that may have been taken is not repeated", std::to_string(answer.status));
  if (!result) check_error(result.error(), answer);
  return result;
}

}  // namespace

void try_bytes(std::string_view bytes) {
  RequestText text = read_request_text(bytes);
  net::HttpResponse answer{0, std::move(text.headers), std::move(text.body)};
  std::from_chars(text.method.data(), text.method.data() + text.method.size(), answer.status);
  if (answer.status < 100 || answer.status > 599) return;

  motion::VideoBrief brief;
  brief.prompt = "x";
  const auto started =
      ask(answer, [&](const motion::Client& c) { return c.create(kKey, brief, {}); });
  require(!started || !started->job_id.empty(), "what was started has an id");
  static_cast<void>(
      ask(answer, [&](const motion::Client& c) { return c.followup(kKey, kJob, brief, {}); }));
  const auto job = ask(answer, [&](const motion::Client& c) { return c.get(kKey, kJob, {}); });
  if (!job) return;
  require(!job->job_id.empty() && job->sources.is_array(), "a job has an id and sources");
  require(Json::accept(jsonrpc::print(job->sources) + ""), "what passes through is JSON");
}

}  // namespace motion_mcp::fuzz
