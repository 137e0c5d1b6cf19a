#include "transport/http_exchange.h"

#include <utility>

#include "transport/sse.h"

namespace motion_mcp::transport {

HttpExchange::HttpExchange(HttpWork work, std::function<void()> wake,
                           const std::stop_token& server_stop)
    : may_stream_(work.may_stream),
      ends_with_client_(work.ends_with_client),
      run_(std::move(work.run)),
      writer_(std::move(work.writer)),
      wake_(std::move(wake)),
      server_stop_(server_stop),
      unheard_(std::move(work.unheard)),
      takes_events_(work.may_stream),
      on_server_stop_(server_stop, Stop{stop_}) {
  if (!may_stream_) unheard_.request_stop();
}

void HttpExchange::run() {
  mcp::RunContext context;
  context.stop = stop_.get_token();
  context.ending = server_stop_;
  context.notify = [this](std::string_view notification) { add_event(notification); };
  if (writer_) context.suspend = [this] { suspend(); };
  HttpReply answer = run_(context);
  run_ = nullptr;
  {
    const std::lock_guard lock(mutex_);
    takes_events_ = false;
    output_.answer_event = writer_ ? writer_->last_event(answer.body) : sse_event(answer.body);
    output_.answer = std::move(answer);
  }
  wake_();
}

void HttpExchange::add_event(std::string_view notification) {
  {
    const std::lock_guard lock(mutex_);
    const std::string event = writer_ ? writer_->event(notification) : sse_event(notification);
    if (!takes_events_ || output_.events.size() + event.size() > kMaxPendingBytes) return;
    output_.events += opening() + event;
  }
  wake_();
}

void HttpExchange::suspend() {
  {
    const std::lock_guard lock(mutex_);
    if (!takes_events_) return;
    output_.events += opening();
    output_.is_suspended = true;
    takes_events_ = false;
  }
  wake_();
}

std::string HttpExchange::opening() {
  return writer_ && !std::exchange(is_open_, true) ? writer_->opening() : std::string();
}

bool HttpExchange::has_output() const {
  const std::lock_guard lock(mutex_);
  return output_.answer || !output_.events.empty();
}

bool HttpExchange::has_only_answer() const {
  const std::lock_guard lock(mutex_);
  return output_.answer && output_.events.empty() && !output_.is_suspended;
}

HttpExchange::Output HttpExchange::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(output_, {});
}

void HttpExchange::drop_events() {
  stop_taking_events();
  unheard_.request_stop();
}

void HttpExchange::stop_taking_events() {
  const std::lock_guard lock(mutex_);
  takes_events_ = false;
  output_.events.clear();
}

void HttpExchange::abandon() {
  stop_taking_events();
  if (ends_with_client_) stop_.request_stop();
}

}  // namespace motion_mcp::transport
