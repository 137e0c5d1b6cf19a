#pragma once

#include <cstddef>
#include <functional>
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
  // thread, and must be safe to call when the connection is gone.
  HttpExchange(HttpWork work, std::function<void()> wake);

  // Runs the call, once, on a worker.
  void run();

  // What has come since the last take: whole server-sent events, and at the end the answer.
  struct Output {
    std::string events;
    std::optional<HttpReply> answer;
  };
  [[nodiscard]] bool may_stream() const { return work_.may_stream; }
  [[nodiscard]] bool has_output() const;
  // The answer has come, and nothing was said before it.
  [[nodiscard]] bool has_only_answer() const;
  Output take();

  // No stream will be opened: notifications are dropped from now on.
  void drop_events();
  // The client left. Nothing is kept for it any more; the call is stopped if it ends with its
  // client.
  void abandon();
  // The server is stopping.
  void stop() { stop_.request_stop(); }

 private:
  void add_event(std::string_view notification);

  const HttpWork work_;
  const std::function<void()> wake_;
  std::stop_source stop_;
  mutable std::mutex mutex_;
  bool takes_events_;
  Output output_;
};

}  // namespace motion_mcp::transport
