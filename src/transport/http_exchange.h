#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "transport/http_service.h"

namespace motion_mcp::transport {

// One call under way, between the worker that runs it and the connection that waits for it. The
// connection may go away first.
class HttpExchange {
 public:
  // A client that reads slower than this loses progress, never the answer.
  static constexpr std::size_t kMaxPendingBytes = 64UL * 1024;

  // `wake` tells the connection that there is something to take. It is called on the worker's
  // thread, and must be safe to call when the connection is gone. `server_stop` stops the call,
  // whoever still waits for it.
  HttpExchange(HttpWork work, std::function<void()> wake, const std::stop_token& server_stop);

  // Runs the call, once, on a worker. What the work holds is released before its answer can be
  // taken: a caller that has its answer has its place back.
  void run();

  // What has come since the last take: whole server-sent events, and at the end the answer.
  struct Output {
    std::string events;
    std::optional<HttpReply> answer;
    std::string answer_event;  // the answer as the last event of a stream
    // The stream ends here, without the answer: the client comes back for that.
    bool is_suspended = false;
  };
  [[nodiscard]] bool may_stream() const { return may_stream_; }
  [[nodiscard]] bool has_output() const;
  // The answer has come, and nothing was said before it.
  [[nodiscard]] bool has_only_answer() const;
  Output take();

  // No stream will be opened: notifications are dropped from now on, and the call is told.
  void drop_events();
  // The client left. Nothing is kept for it any more; the call is stopped if it ends with its
  // client.
  void abandon();

 private:
  void stop_taking_events();
  void add_event(std::string_view notification);
  void suspend();
  std::string opening();

  struct Stop {
    std::stop_source& call;
    void operator()() const { call.request_stop(); }
  };

  const bool may_stream_;
  const bool ends_with_client_;
  std::function<HttpReply(const mcp::RunContext&)> run_;  // the worker's
  const std::shared_ptr<HttpEventWriter> writer_;         // null for events without ids
  const std::function<void()> wake_;
  const std::stop_token server_stop_;
  std::stop_source stop_;
  std::stop_source unheard_;
  mutable std::mutex mutex_;
  bool takes_events_;
  bool is_open_ = false;  // the stream has its opening
  Output output_;
  const std::stop_callback<Stop> on_server_stop_;
};

}  // namespace motion_mcp::transport
