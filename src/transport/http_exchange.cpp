#include "transport/http_exchange.h"

#include <utility>

#include "transport/sse.h"

namespace motion_mcp::transport {

HttpExchange::HttpExchange(HttpWork work, std::function<void()> wake)
    : work_(std::move(work)), wake_(std::move(wake)), takes_events_(work_.may_stream) {}

void HttpExchange::run() {
  HttpReply answer = work_.run(
      {stop_.get_token(), [this](std::string_view notification) { add_event(notification); }});
  {
    const std::lock_guard lock(mutex_);
    takes_events_ = false;
    output_.answer = std::move(answer);
  }
  wake_();
}

void HttpExchange::add_event(std::string_view notification) {
  {
    const std::lock_guard lock(mutex_);
    if (!takes_events_ || output_.events.size() + notification.size() > kMaxPendingBytes) return;
    output_.events += sse_event(notification);
  }
  wake_();
}

bool HttpExchange::has_output() const {
  const std::lock_guard lock(mutex_);
  return output_.answer || !output_.events.empty();
}

bool HttpExchange::has_only_answer() const {
  const std::lock_guard lock(mutex_);
  return output_.answer && output_.events.empty();
}

HttpExchange::Output HttpExchange::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(output_, {});
}

void HttpExchange::drop_events() {
  const std::lock_guard lock(mutex_);
  takes_events_ = false;
  output_.events.clear();
}

void HttpExchange::abandon() {
  drop_events();
  if (work_.ends_with_client) stop_.request_stop();
}

}  // namespace motion_mcp::transport
