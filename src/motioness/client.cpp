#include "motioness/client.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/percent_encode.h"
#include "base/random.h"
#include "net/backoff.h"
#include "net/url.h"

namespace motion_mcp::motioness {
namespace {

using std::chrono::milliseconds;

constexpr int kOk = 200;
constexpr int kNotFound = 404;
constexpr std::size_t kMaxBodyBytes = std::size_t{64} * 1024;

Error cancelled(Spent spent) {
  return {ErrorKind::cancelled, "the call was cancelled",
          "Call get_motion_asset with the same url to go on; what has begun is paid for once.",
          spent};
}

std::string events_url(const Project& project, std::string_view asset_id) {
  return project.base_url + "/v1/" + project.key + "/events/" + base::percent_encode(asset_id);
}

bool is_repeatable(ErrorKind kind) {
  return kind == ErrorKind::unreachable || kind == ErrorKind::interrupted ||
         kind == ErrorKind::unavailable || kind == ErrorKind::rate_limited;
}

base::SteadyTime::duration wait_after(int attempt, const Error& error) {
  const milliseconds backoff = net::backoff_delay(attempt, base::random_unit());
  const milliseconds asked_for = error.retry_after.value_or(std::chrono::seconds(0));
  return std::max(backoff, asked_for);
}

}  // namespace

Result<Asset> Client::get(const Project& project, const Link& link, milliseconds wait,
                          const std::stop_token& stop, std::chrono::seconds patience) const {
  if (stop.stop_requested()) return cancelled(Spent::no);
  wait = std::clamp(wait, milliseconds(0), kMaxWait);
  const std::optional<milliseconds> asked_for =
      wait.count() > 0 ? std::optional(wait) : std::nullopt;
  const net::HttpRequest request{
      "GET", to_url(project, link, link.format, asked_for), {{"Accept", "*/*"}}, {}};
  const base::SteadyTime deadline = clock_.now() + wait + patience;
  Spent spent = Spent::no;
  for (int attempt = 1;; ++attempt) {
    Result<Asset> asset = get_once(request, deadline, stop);
    if (asset) return asset;
    Error error = std::move(asset).error();
    // Whatever is said now, an earlier attempt may have been taken.
    if (error.spent == Spent::unknown) spent = Spent::unknown;
    error.spent = spent;
    if (stop.stop_requested()) return cancelled(spent);
    if (attempt == kMaxAttempts || !is_repeatable(error.kind)) return error;
    const base::SteadyTime next = clock_.now() + wait_after(attempt, error);
    if (next >= deadline) return error;
    if (!clock_.sleep_until(next, stop)) return cancelled(spent);
  }
}

Result<Asset> Client::get_once(const net::HttpRequest& request, base::SteadyTime deadline,
                               const std::stop_token& stop) const {
  std::optional<net::HttpResponse> head;
  std::string body;
  const net::BodySink sink(
      [&](const net::HttpResponse& response) {
        head = response;
        return response.status != kOk;  // what follows is the video
      },
      [&](std::string_view bytes) {
        body += bytes;
        return body.size() <= kMaxBodyBytes;
      });
  Result<net::HttpResponse> response = http_.send(request, deadline, stop, sink);
  if (response) {
    if (response->body.empty()) response->body = std::move(body);
    return read_answer(*response, clock_.wall());
  }
  // The head is the answer, wherever the body ended.
  if (head && !stop.stop_requested()) {
    head->body = std::move(body);
    return read_answer(*head, clock_.wall());
  }
  return error_of_silence(std::move(response).error());
}

Result<void> Client::probe(const Project& project, const std::stop_token& stop) const {
  constexpr const char* kNobodys = "0000000000000000";
  const net::HttpRequest request{"GET", events_url(project, kNobodys), {{"Accept", "*/*"}}, {}};
  int status = 0;
  const net::BodySink sink(
      [&](const net::HttpResponse& head) {
        status = head.status;
        return false;
      },
      [](std::string_view) { return false; });
  auto response = http_.send(request, clock_.now() + kPatience, stop, sink);
  if (status != 0) return {};  // a stream
  if (!response) return std::move(response).error();
  if (response->status == kNotFound) return {};
  auto refused = read_answer(*response, clock_.wall());
  if (refused) return {};
  Error error = std::move(refused).error();
  error.spent = Spent::no;
  return error;
}

Result<net::EventStream> Client::events(const Project& project, std::string_view asset_id) const {
  if (asset_id.empty() || asset_id == "." || asset_id == "..") {
    return Error{ErrorKind::invalid_argument,
                 "Motioness named no asset whose events could be read"};
  }
  return net::EventStream(http_, clock_, {"GET", events_url(project, asset_id), {}, {}});
}

}  // namespace motion_mcp::motioness
