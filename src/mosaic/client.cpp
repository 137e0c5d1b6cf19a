#include "mosaic/client.h"

#include <algorithm>
#include <utility>

#include "base/percent_encode.h"
#include "net/exchange.h"
#include "net/json_answer.h"

namespace motion_mcp::mosaic {
namespace {

using std::chrono::seconds;

constexpr int kMaxAttempts = 4;

// The path of an agent or a run. "." and ".." are legal segments that no escape can protect.
Result<std::string> path_of(std::string_view folder, const char* what, std::string_view id,
                            std::string_view rest = {}) {
  if (id.empty() || id == "." || id == "..") {
    return Error{ErrorKind::invalid_argument, std::string("the ") + what + " is not one",
                 std::string("Pass the ") + what + " that generate_clip returned."};
  }
  return std::string(folder) + base::percent_encode(id) + std::string(rest);
}

Result<std::string> agent_path(std::string_view agent_id, std::string_view rest = {}) {
  return path_of("/agent/", "agent_id", agent_id, rest);
}

Result<std::string> run_path(std::string_view run_id, std::string_view rest = {}) {
  return path_of("/agent_run/", "run_id", run_id, rest);
}

// What was read, or that the answer could not be; a 2xx body is JSON by now.
template <class Value>
Result<Value> or_unreadable(Call call, const Json& body, Result<Value> value) {
  if (value) return value;
  return error_of_unreadable(call,
                             {200, {}, body.dump(-1, ' ', false, Json::error_handler_t::replace)});
}

}  // namespace

struct Client::Request {
  Call call;
  std::string path;
  const Json* body = nullptr;  // of a POST; null for a GET
  seconds time_allowed;
  int attempts = kMaxAttempts;
};

Client::Client(net::HttpClient& http, const base::Clock& clock, Options options)
    : http_(http), clock_(clock), options_(std::move(options)) {
  while (options_.base_url.ends_with('/')) options_.base_url.pop_back();
}

Result<Json> Client::send(std::string_view api_key, const Request& request,
                          const std::stop_token& stop) const {
  return send(api_key, request, stop, stop);
}

Result<Json> Client::send(std::string_view api_key, const Request& request,
                          const std::stop_token& stop, const std::stop_token& abort) const {
  TRY(check_key(api_key));
  net::HttpRequest sent;
  sent.url = options_.base_url + request.path;
  sent.headers = {{"Authorization", "Bearer " + std::string(api_key)},
                  {"Accept", "application/json"}};
  if (request.body != nullptr) {
    sent.method = "POST";
    sent.headers.emplace_back("Content-Type", "application/json");
    sent.body = request.body->dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  const auto error_of = [&](Result<net::HttpResponse> answer) {
    return answer ? error_of_answer(request.call, *answer, clock_.wall())
                  : error_of_silence(request.call, std::move(answer).error());
  };
  const seconds repeats_for =
      request.body == nullptr ? request.time_allowed : net::kPostRepeatWindow;
  const net::HttpResponse response =
      TRY(net::exchange(http_, clock_, sent, {request.attempts, request.time_allowed, repeats_for},
                        error_of, stop, abort));
  if (auto body = net::parse_answer(response.body)) return *std::move(body);
  return error_of_unreadable(request.call, response);
}

Result<std::string> Client::create_agent(std::string_view api_key, const AgentSpec& spec,
                                         const std::stop_token& stop) const {
  const Json body = to_json(spec);
  const Json answer = TRY(
      send(api_key, {Call::create_agent, "/agent/create", &body, options_.step_deadline}, stop));
  return or_unreadable(Call::create_agent, answer, agent_id_from_json(answer));
}

Result<std::string> Client::add_node(std::string_view api_key, std::string_view agent_id,
                                     const ClipParams& params, const std::stop_token& stop) const {
  const std::string path = TRY(agent_path(agent_id, "/update"));
  const Json body = add_node_body(params);
  const Json answer =
      TRY(send(api_key, {Call::add_node, path, &body, options_.step_deadline}, stop));
  return added_node_from_json(answer);
}

Result<std::vector<AgentNode>> Client::nodes(std::string_view api_key, std::string_view agent_id,
                                             const std::stop_token& stop) const {
  const std::string path = TRY(agent_path(agent_id));
  const Json answer =
      TRY(send(api_key, {Call::read_agent, path, nullptr, options_.step_deadline}, stop));
  return or_unreadable(Call::read_agent, answer, nodes_from_json(answer));
}

Result<std::vector<std::string>> Client::run_ids(std::string_view api_key,
                                                 std::string_view agent_id,
                                                 const std::stop_token& stop) const {
  const std::string first =
      TRY(agent_path(agent_id, "/runs?limit=" + std::to_string(kRunsPerPage)));
  std::vector<std::string> run_ids;
  std::string path = first;
  for (int pages = 1;; ++pages) {
    const Json answer =
        TRY(send(api_key, {Call::list_runs, path, nullptr, options_.step_deadline}, stop));
    const RunPage page = TRY(or_unreadable(Call::list_runs, answer, run_page_from_json(answer)));
    run_ids.insert(run_ids.end(), page.run_ids.begin(), page.run_ids.end());
    if (page.next_cursor.empty()) return run_ids;
    if (pages == kMaxRunPages) {
      return Error{ErrorKind::bad_response, "the agent has too many runs to tell them apart",
                   "Leave agent_id out, so that an agent of its own is used."};
    }
    path = first + "&cursor=" + base::percent_encode(page.next_cursor);
  }
}

Result<std::string> Client::start_run(std::string_view api_key, std::string_view agent_id,
                                      const RunSpec& spec, const std::stop_token& stop,
                                      const std::stop_token& ending) const {
  const std::string path = TRY(agent_path(agent_id, "/run"));
  const Json body = to_json(spec);
  const Json answer =
      TRY(send(api_key, {Call::start_run, path, &body, options_.run_deadline}, stop, ending));
  return or_unreadable(Call::start_run, answer, run_id_from_json(answer));
}

Result<Run> Client::run(std::string_view api_key, std::string_view run_id,
                        const std::stop_token& stop) const {
  return read_run(api_key, run_id, kMaxAttempts, stop);
}

Result<Run> Client::run_once(std::string_view api_key, std::string_view run_id,
                             const std::stop_token& stop) const {
  return read_run(api_key, run_id, 1, stop);
}

Result<Run> Client::read_run(std::string_view api_key, std::string_view run_id, int attempts,
                             const std::stop_token& stop) const {
  const std::string path = TRY(run_path(run_id));
  const Json answer =
      TRY(send(api_key, {Call::read_run, path, nullptr, options_.get_deadline, attempts}, stop));
  return or_unreadable(Call::read_run, answer, run_from_json(answer, run_id));
}

Result<Cancelled> Client::cancel(std::string_view api_key, std::string_view run_id,
                                 const std::stop_token& stop) const {
  const std::string path = TRY(run_path(run_id, "/cancel"));
  const Json body = Json::object();
  const Json answer =
      TRY(send(api_key, {Call::cancel_run, path, &body, options_.get_deadline}, stop));
  return cancelled_from_json(answer);
}

Result<void> Client::resume(std::string_view api_key, std::string_view run_id,
                            const std::stop_token& stop) const {
  const std::string path = TRY(run_path(run_id, "/resume"));
  const Json body = Json::object();
  TRY(send(api_key, {Call::resume_run, path, &body, options_.get_deadline}, stop));
  return {};
}

Result<Json> Client::whoami(std::string_view api_key, const std::stop_token& stop) const {
  return send(api_key, {Call::read_account, "/whoami", nullptr, options_.get_deadline}, stop);
}

Result<Json> Client::credits(std::string_view api_key, const std::stop_token& stop) const {
  return send(api_key, {Call::read_account, "/credits", nullptr, options_.get_deadline}, stop);
}

}  // namespace motion_mcp::mosaic
