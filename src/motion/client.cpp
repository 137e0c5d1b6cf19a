#include "motion/client.h"

#include <algorithm>
#include <utility>

#include "base/percent_encode.h"
#include "motion/errors.h"
#include "net/exchange.h"
#include "net/json_answer.h"
#include "net/url.h"

namespace motion_mcp::motion {
namespace {

using std::chrono::seconds;

constexpr int kMaxAttempts = 4;

// The path of a job. "." and ".." are legal segments that no escape can protect.
Result<std::string> job_path(std::string_view job_id) {
  if (job_id.empty() || job_id == "." || job_id == "..") {
    return Error{ErrorKind::invalid_argument, "the job_id is not one",
                 "Pass the job_id that create_video returned."};
  }
  return "/sessions/" + base::percent_encode(job_id);
}

net::HttpRequest request_to(std::string url, std::string_view api_key) {
  return {"GET",
          std::move(url),
          {{"Authorization", "Bearer " + std::string(api_key)}, {"Accept", "application/json"}},
          {}};
}

// Sends until there is a 2xx answer, an error that no repeat may follow, no attempt left, or no
// time for another. `stop` ends what goes before an attempt, `abort` an attempt under way.
Result<net::HttpResponse> exchange(net::HttpClient& http, const base::Clock& clock, Call call,
                                   const net::HttpRequest& request, int max_attempts,
                                   seconds time_allowed, const std::stop_token& stop,
                                   const std::stop_token& abort) {
  const auto error_of = [&](Result<net::HttpResponse> answer) {
    return answer ? error_of_answer(call, *answer, clock.wall())
                  : error_of_silence(call, std::move(answer).error());
  };
  const seconds repeats_for = call == Call::get ? time_allowed : net::kPostRepeatWindow;
  return net::exchange(http, clock, request, {max_attempts, time_allowed, repeats_for}, error_of,
                       stop, abort);
}

}  // namespace

Client::Client(net::HttpClient& http, const base::Clock& clock, Options options)
    : http_(http), clock_(clock), options_(std::move(options)) {
  while (options_.base_url.ends_with('/')) options_.base_url.pop_back();
}

Result<Started> Client::create(std::string_view api_key, const VideoBrief& brief,
                               const std::stop_token& stop, const std::stop_token& ending) const {
  return start(Call::create, api_key, "/sessions", brief, stop, ending);
}

Result<void> Client::check_key(std::string_view api_key) const {
  if (api_key.empty() && options_.no_key) return *options_.no_key;
  return motion::check_key(api_key);
}

Result<Started> Client::followup(std::string_view api_key, std::string_view job_id,
                                 const VideoBrief& brief, const std::stop_token& stop,
                                 const std::stop_token& ending) const {
  return start(Call::followup, api_key, TRY(job_path(job_id)) + "/followups", brief, stop, ending);
}

Result<Job> Client::get(std::string_view api_key, std::string_view job_id,
                        const std::stop_token& stop) const {
  return read(api_key, job_id, kMaxAttempts, options_.get_deadline, stop);
}

Result<Job> Client::get_once(std::string_view api_key, std::string_view job_id,
                             const std::stop_token& stop, seconds at_most) const {
  return read(api_key, job_id, 1, std::min(options_.get_deadline, at_most), stop);
}

Result<Job> Client::read(std::string_view api_key, std::string_view job_id, int max_attempts,
                         seconds time_allowed, const std::stop_token& stop) const {
  TRY(check_key(api_key));
  const net::HttpRequest request = request_to(options_.base_url + TRY(job_path(job_id)), api_key);
  const net::HttpResponse response =
      TRY(exchange(http_, clock_, Call::get, request, max_attempts, time_allowed, stop, stop));
  if (const auto body = net::parse_answer(response.body)) {
    if (auto job = job_from_json(*body)) return job;
  }
  return error_of_unreadable(Call::get, response);
}

Result<Started> Client::start(Call call, std::string_view api_key, const std::string& path,
                              const VideoBrief& brief, const std::stop_token& stop,
                              const std::stop_token& ending) const {
  TRY(check_key(api_key));
  net::HttpRequest request = request_to(options_.base_url + path, api_key);
  request.method = "POST";
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = to_json(brief).dump(-1, ' ', false, Json::error_handler_t::replace);
  const net::HttpResponse response = TRY(
      exchange(http_, clock_, call, request, kMaxAttempts, options_.post_deadline, stop, ending));
  if (const auto body = net::parse_answer(response.body)) {
    if (auto started = started_from_json(*body)) return started;
  }
  return error_of_unreadable(call, response);
}

}  // namespace motion_mcp::motion
