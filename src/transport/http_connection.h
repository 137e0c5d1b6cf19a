#pragma once

// One connection of http_listener, as a coroutine on its I/O thread. Private to the listener.

#include <array>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "transport/http_error.h"
#include "transport/http_exchange.h"
#include "transport/http_listener.h"
#include "transport/http_text.h"
#include "transport/sse.h"

namespace motion_mcp::transport {

namespace asio = boost::asio;
using boost::system::error_code;

// How many of something are under way. Thread-safe.
class Tally {
 public:
  void begin() {
    const std::lock_guard lock(mutex_);
    ++count_;
  }
  void end() {
    const std::lock_guard lock(mutex_);
    if (--count_ == 0) none_.notify_all();
  }
  [[nodiscard]] std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }
  // False when `deadline` came before none was left.
  bool wait_for_none(base::SteadyTime deadline) {
    std::unique_lock lock(mutex_);
    return none_.wait_until(lock, deadline, [&] { return count_ == 0; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable none_;
  std::size_t count_ = 0;
};

// What the connections of a listener share.
struct HttpHub {
  HttpHub(HttpListenerOptions given, base::WorkerPool& given_pool, HttpObserver& given_observer)
      : options(std::move(given)), pool(given_pool), observer(given_observer) {}

  const HttpListenerOptions options;
  base::WorkerPool& pool;
  HttpObserver& observer;
  const HttpService* service = nullptr;  // set before the first connection

  std::atomic<bool> is_draining{false};
  Tally connections;
  Tally calls;  // given to the pool and not ended
  std::atomic<std::size_t> streams{0};
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> turned_away{0};
};

// Every function but the destructor is called on the connection's I/O thread.
class HttpConnectionBase {
 public:
  virtual ~HttpConnectionBase() = default;
  virtual asio::awaitable<void> run() = 0;
  // The hub is draining: an idle connection closes, a busy one after its answer.
  virtual void wake() = 0;
  virtual void stop_call() = 0;
  virtual void cut() = 0;
};

// `Stream` is tcp::socket or ssl::stream<tcp::socket>.
template <class Stream>
class HttpConnection final : public HttpConnectionBase,
                             public std::enable_shared_from_this<HttpConnection<Stream>> {
 public:
  HttpConnection(Stream stream, std::shared_ptr<HttpHub> hub, std::string peer, std::string id,
                 bool is_too_many)
      : stream_(std::move(stream)),
        changed_(stream_.get_executor()),
        stall_(stream_.get_executor()),
        hub_(std::move(hub)),
        peer_(std::move(peer)),
        id_(std::move(id)),
        is_too_many_(is_too_many) {}

  asio::awaitable<void> run() override {
    const auto self = this->shared_from_this();
    if (co_await begin()) {
      if (is_too_many_) {
        co_await turn_away();
      } else {
        while (co_await serve_request()) {
        }
      }
      co_await end();
    }
    cut();
  }

  void wake() override { changed_.cancel(); }
  void stop_call() override {
    if (call_) call_->stop();
  }
  void cut() override {
    error_code ignored;
    stream_.lowest_layer().close(ignored);
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr bool kIsTls = !std::is_same_v<Stream, asio::ip::tcp::socket>;
  static constexpr auto kToken = asio::as_tuple(asio::use_awaitable);
  // How much of the next requests is taken in while one is served.
  static constexpr std::size_t kReadAheadBytes = 32UL * 1024;
  static constexpr std::size_t kWriteSliceBytes = 16UL * 1024;
  // How long what a refused client still sends is thrown away, so that it reads the refusal before
  // its connection is reset (RFC 9112 section 9.6).
  static constexpr std::chrono::seconds kLinger{1};

  // Waits until `holds()`, which only this thread changes; false when `deadline` came first.
  template <class Predicate>
  asio::awaitable<bool> until(Predicate holds, Clock::time_point deadline) {
    while (!holds()) {
      if (Clock::now() >= deadline) co_return false;
      changed_.expires_at(deadline);
      co_await changed_.async_wait(kToken);
    }
    co_return true;
  }

  // Sees to it that one read is under way: its bytes begin the next request, its end is the client
  // leaving. It has a buffer of its own, for `received_` moves while it waits.
  void read_ahead() {
    if (is_reading_ || is_at_end_ || received_.size() >= kReadAheadBytes) return;
    is_reading_ = true;
    stream_.async_read_some(asio::buffer(ahead_),
                            [self = this->shared_from_this()](error_code error, std::size_t count) {
                              self->is_reading_ = false;
                              if (error) {
                                self->is_at_end_ = true;
                                if (self->call_) self->call_->abandon();
                              } else {
                                self->received_.append(self->ahead_.data(), count);
                                if (self->call_) self->read_ahead();
                              }
                              self->changed_.cancel();
                            });
  }

  // Cuts the connection when what is under way takes longer than the stall time.
  void arm_stall() {
    stall_.expires_after(hub_->options.stall_time);
    stall_.async_wait([weak = this->weak_from_this()](error_code error) {
      const auto self = weak.lock();
      if (!error && self) self->cut();
    });
  }

  asio::awaitable<bool> begin() {
    error_code ignored;
    stream_.lowest_layer().set_option(asio::ip::tcp::no_delay(true), ignored);
    stream_.lowest_layer().non_blocking(true, ignored);
    if constexpr (kIsTls) {
      arm_stall();
      const auto [error] = co_await stream_.async_handshake(Stream::server, kToken);
      stall_.cancel();
      co_return !error;
    }
    co_return true;
  }

  asio::awaitable<void> end() {
    error_code ignored;
    if constexpr (kIsTls) {
      stream_.lowest_layer().cancel(ignored);
      arm_stall();
      co_await stream_.async_shutdown(kToken);
      stall_.cancel();
    }
    stream_.lowest_layer().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    co_return;
  }

  // False when the client is gone or takes nothing.
  asio::awaitable<bool> write(std::string_view bytes) {
    while (!bytes.empty()) {
      if constexpr (!kIsTls) {
        error_code error;
        const std::size_t count =
            stream_.write_some(asio::buffer(bytes.data(), bytes.size()), error);
        sent_ += count;
        bytes.remove_prefix(count);
        if (!error) continue;
        if (error != asio::error::would_block) co_return false;
      }
      const std::string_view slice = bytes.substr(0, kWriteSliceBytes);
      arm_stall();
      const auto [error, count] =
          co_await asio::async_write(stream_, asio::buffer(slice.data(), slice.size()), kToken);
      stall_.cancel();
      sent_ += count;
      if (error) co_return false;
      bytes.remove_prefix(count);
    }
    co_return true;
  }

  asio::awaitable<void> turn_away() {
    begin_record();
    HttpReply refusal = http_error(
        503, "The server has all the connections that it takes. Nothing was run: try again later.");
    refusal.headers.emplace_back("Retry-After", "2");
    HttpRequestReader reader(hub_->options.request);
    co_await refuse(reader, refusal);
  }

  // One request from its first byte to the end of its answer. False when the connection is over.
  asio::awaitable<bool> serve_request() {
    if (received_.empty()) {
      read_ahead();
      const auto idle_end = Clock::now() + hub_->options.idle_time;
      const auto is_due = [&] { return !is_reading_ || hub_->is_draining; };
      if (!co_await until(is_due, idle_end) || received_.empty()) co_return false;
    }
    begin_record();
    HttpRequestReader reader(hub_->options.request);
    if (const auto refusal = co_await read_request(reader)) {
      if (!is_at_end_) co_await refuse(reader, *refusal);
      co_return false;
    }
    HttpRequest& request = reader.request();
    HttpAnswer answer = hub_->service->serve(request);
    record_.subject = std::move(answer.subject);
    keeps_alive_ = reader.keeps_alive() && !hub_->is_draining;
    if (auto* work = std::get_if<HttpWork>(&answer.step)) {
      work->may_stream = work->may_stream && reader.is_http_1_1();
      co_await serve_work(std::move(*work));
    } else {
      co_await reply(std::get<HttpReply>(std::move(answer.step)), request.method != "HEAD");
    }
    finish_record(reader);
    co_return keeps_alive_;
  }

  // Nullopt when the request is whole; otherwise what to refuse it with, unless the client left.
  asio::awaitable<std::optional<HttpReply>> read_request(HttpRequestReader& reader) {
    const auto deadline = Clock::now() + hub_->options.request_time;
    bool is_judged = false;
    for (;;) {
      const auto state = reader.read(received_);
      if (state == HttpRequestReader::State::complete) co_return std::nullopt;
      if (state == HttpRequestReader::State::refused) {
        co_return http_error(reader.status(), reader.why());
      }
      if (reader.has_head() && !std::exchange(is_judged, true)) {
        if (auto refusal = hub_->service->refuse(reader.request())) co_return refusal;
        if (reader.expects_continue()) co_await write("HTTP/1.1 100 Continue\r\n\r\n");
      }
      read_ahead();
      if (!co_await until([&] { return !is_reading_; }, deadline)) {
        co_return http_error(408, "The request took longer to arrive than this server waits");
      }
      if (is_at_end_) co_return HttpReply{};
    }
  }

  // The last reply of a connection whose further bytes mean nothing.
  asio::awaitable<void> refuse(HttpRequestReader& reader, const HttpReply& refusal) {
    keeps_alive_ = false;
    co_await reply(refusal, true);
    finish_record(reader);
    co_await end();
    const auto deadline = Clock::now() + kLinger;
    while (!is_at_end_) {
      received_.clear();
      read_ahead();
      if (!co_await until([&] { return !is_reading_; }, deadline)) break;
    }
  }

  asio::awaitable<void> reply(HttpReply reply, bool has_body) {
    record_.status = reply.status;
    const HttpReplyFrame frame{keeps_alive_, has_body, request_id_};
    const std::string text = print_reply(reply, frame);
    if (!co_await write(text)) leave();
  }

  asio::awaitable<void> serve_work(HttpWork work) {
    const HttpHeaders headers = work.headers;
    call_ = std::make_shared<HttpExchange>(
        std::move(work), [weak = this->weak_from_this(), executor = stream_.get_executor()] {
          asio::post(executor, [weak] {
            if (const auto self = weak.lock()) self->changed_.cancel();
          });
        });
    if (!submit(call_)) {
      call_.reset();
      HttpReply busy = http_error(503,
                                  "The server has no thread for this call. It was not run and "
                                  "nothing was spent: call again later.");
      busy.headers.emplace_back("Retry-After", "2");
      co_await reply(std::move(busy), true);
      co_return;
    }
    read_ahead();
    co_await deliver(headers);
    call_.reset();
  }

  bool submit(std::shared_ptr<HttpExchange> call) {
    hub_->calls.begin();
    const bool is_taken = hub_->pool.submit([call = std::move(call), hub = hub_]() mutable {
      call->run();
      call.reset();
      hub->calls.end();
    });
    if (!is_taken) hub_->calls.end();
    return is_taken;
  }

  // Hands on what the call says, as a reply or, once it has more to say than one, as a stream.
  asio::awaitable<void> deliver(const HttpHeaders& headers) {
    bool may_stream = call_->may_stream();
    for (;;) {
      const auto next_comment = Clock::now() + hub_->options.comment_interval;
      co_await until([&] { return is_at_end_ || call_->has_output(); }, next_comment);
      if (is_at_end_) co_return leave();
      if (may_stream && !call_->has_only_answer()) {
        if (open_stream()) {
          co_await stream(headers);
          close_stream();
          co_return;
        }
        may_stream = false;
        call_->drop_events();
      }
      HttpExchange::Output output = call_->take();
      if (output.answer) {
        co_await reply(*std::move(output.answer), true);
        co_return;
      }
    }
  }

  asio::awaitable<void> stream(const HttpHeaders& headers) {
    const HttpReplyFrame frame{keeps_alive_, true, request_id_};
    const std::string head = print_stream_head(headers, frame);
    bool goes_on = co_await write(head);
    while (goes_on) {
      const HttpExchange::Output output = call_->take();
      const std::string chunks = next_chunks(output);
      goes_on = co_await write(chunks);
      if (output.answer && goes_on) co_return;
      const auto next_comment = Clock::now() + hub_->options.comment_interval;
      co_await until([&] { return is_at_end_ || call_->has_output(); }, next_comment);
      goes_on = goes_on && !is_at_end_;
    }
    leave();
  }

  static std::string next_chunks(const HttpExchange::Output& output) {
    if (!output.answer) return print_chunk(output.events.empty() ? kSseComment : output.events);
    std::string chunks = print_chunk(output.events + sse_event(output.answer->body));
    return chunks += kLastChunk;
  }

  bool open_stream() {
    if (hub_->streams.fetch_add(1) >= hub_->options.streams) {
      --hub_->streams;
      return false;
    }
    record_.status = 200;
    record_.was_stream = true;
    return true;
  }
  void close_stream() { --hub_->streams; }

  // The client did not get its whole answer.
  void leave() {
    if (call_) call_->abandon();
    record_.client_left = true;
    keeps_alive_ = false;
  }

  struct Record {
    HttpSubject subject;
    Clock::time_point began;
    int status = 0;
    bool was_stream = false;
    bool client_left = false;
  };

  void begin_record() {
    record_ = {};
    record_.began = Clock::now();
    sent_ = 0;
    request_id_ = id_ + "-" + std::to_string(++requests_);
  }

  void finish_record(HttpRequestReader& reader) {
    static const HttpRequest kUnread;
    const HttpRequest& request = reader.has_head() ? reader.request() : kUnread;
    const std::string client =
        client_address(peer_, request.headers, hub_->options.trusted_proxies);
    hub_->observer.served(
        {request_id_, client, request.method, request.target, record_.subject, record_.status,
         request.body.size(), sent_,
         std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - record_.began),
         record_.was_stream, record_.client_left});
  }

  Stream stream_;
  asio::steady_timer changed_;  // a condition variable of this thread
  asio::steady_timer stall_;
  const std::shared_ptr<HttpHub> hub_;
  const std::string peer_;
  const std::string id_;  // of its requests, with their number
  const bool is_too_many_;

  std::array<char, 4096> ahead_;
  std::string received_;
  bool is_reading_ = false;
  bool is_at_end_ = false;
  std::shared_ptr<HttpExchange> call_;  // while one is under way

  std::size_t requests_ = 0;
  std::string request_id_;
  Record record_;
  std::size_t sent_ = 0;
  bool keeps_alive_ = true;
};

}  // namespace motion_mcp::transport
