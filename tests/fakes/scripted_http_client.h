#pragma once

// An HttpClient that says what a test tells it to, for everything above net/.

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "net/http_client.h"

namespace motion_mcp::fakes {

// Thread-safe. Each send takes the next scripted answer and records the request; without one left
// it fails with ErrorKind::internal, so a request too many shows up in the test. Like a real client
// it sends nothing once the stop is requested (`cancelled`, not recorded, no answer taken), and
// hands a 2xx body to the sink when there is one.
class ScriptedHttpClient final : public net::HttpClient {
 public:
  // Runs in the sending thread, without a lock held; may block, advance a clock or request a stop.
  using Answer =
      std::function<Result<net::HttpResponse>(const net::HttpRequest&, const std::stop_token&)>;

  void reply(net::HttpResponse response) {
    reply_with([response = std::move(response)](const auto&, const auto&) { return response; });
  }
  void reply(int status, std::string body, net::Headers headers = {}) {
    reply(net::HttpResponse{status, std::move(headers), std::move(body)});
  }
  void fail(Error error) {
    reply_with([error = std::move(error)](const auto&, const auto&) { return error; });
  }
  void fail(ErrorKind kind, std::string message = "scripted failure") {
    fail(Error{kind, std::move(message)});
  }
  void reply_with(Answer answer) {
    const std::scoped_lock lock(mutex_);
    answers_.push_back(std::move(answer));
  }

  // What was sent so far, in order.
  [[nodiscard]] std::vector<net::HttpRequest> sent() const {
    const std::scoped_lock lock(mutex_);
    return sent_;
  }
  // The deadline of each request sent, in the same order.
  [[nodiscard]] std::vector<base::SteadyTime> deadlines() const {
    const std::scoped_lock lock(mutex_);
    return deadlines_;
  }
  [[nodiscard]] std::size_t answers_left() const {
    const std::scoped_lock lock(mutex_);
    return answers_.size();
  }

  Result<net::HttpResponse> send(const net::HttpRequest& request, base::SteadyTime deadline,
                                 const std::stop_token& stop,
                                 const net::BodySink& sink = {}) override {
    if (stop.stop_requested()) return Error{ErrorKind::cancelled, "the call was cancelled"};
    Result<net::HttpResponse> result = take_answer(request, deadline)(request, stop);
    if (!result || !sink || result->status / 100 != 2) return result;
    const std::string body = std::move(result->body);
    result->body.clear();
    if ((sink.begin && !sink.begin(*result)) || (!body.empty() && !sink.take(body))) {
      return Error{ErrorKind::cancelled, "the receiver refused the body"};
    }
    return result;
  }

 private:
  Answer take_answer(const net::HttpRequest& request, base::SteadyTime deadline) {
    const std::scoped_lock lock(mutex_);
    sent_.push_back(request);
    deadlines_.push_back(deadline);
    if (answers_.empty()) {
      return [](const auto&, const auto&) -> Result<net::HttpResponse> {
        return Error{ErrorKind::internal, "the test scripted no answer for this request"};
      };
    }
    Answer answer = std::move(answers_.front());
    answers_.pop_front();
    return answer;
  }

  mutable std::mutex mutex_;
  std::deque<Answer> answers_;
  std::vector<net::HttpRequest> sent_;
  std::vector<base::SteadyTime> deadlines_;
};

}  // namespace motion_mcp::fakes
