#include "transport/http_connection.h"

#include <boost/asio/post.hpp>
#include <exception>
#include <string>
#include <utility>
#include <variant>

#include "base/log.h"
#include "transport/client_address.h"
#include "transport/http_error.h"
#include "transport/http_text.h"
#include "transport/sse.h"

namespace motion_mcp::transport {
namespace {

bool is_end(const HttpExchange::Output& output) {
  return output.answer || output.is_suspended;
}

std::string next_chunks(const HttpExchange::Output& output) {
  if (is_end(output)) {
    const std::string rest =
        output.is_suspended ? output.events : output.events + output.answer_event;
    return (rest.empty() ? std::string() : print_chunk(rest)) + std::string(kLastChunk);
  }
  return print_chunk(output.events.empty() ? kSseComment : output.events);
}

HttpReply busy(const char* why) {
  HttpReply reply = http_error(503, why);
  reply.headers.emplace_back("Retry-After", "2");
  return reply;
}

void add(const HttpHeaders& headers, HttpReply& reply) {
  reply.headers.insert(reply.headers.end(), headers.begin(), headers.end());
}

}  // namespace

HttpConnection::HttpConnection(std::shared_ptr<HttpWire> wire, std::shared_ptr<HttpHub> hub,
                               std::string peer, std::string id, bool is_too_many)
    : wire_(std::move(wire)),
      hub_(std::move(hub)),
      peer_(std::move(peer)),
      id_(std::move(id)),
      is_too_many_(is_too_many) {}

asio::awaitable<void> HttpConnection::run() {
  try {
    co_await converse();
  } catch (const std::exception& fault) {
    // Memory has run out, or there is a defect: it costs this connection and no other.
    if (call_) call_->abandon();
    base::log_error(std::string("a connection was cut by a defect: ") + fault.what());
  }
  close_stream();
  if (is_too_many_) --hub_->turning_away;
  cut();
}

asio::awaitable<void> HttpConnection::converse() {
  if (co_await wire_->begin()) {
    if (is_too_many_) {
      co_await turn_away();
    } else {
      while (co_await serve_request()) {
      }
    }
    const bool lingers = !keeps_alive_ && !wire_->is_at_end();
    co_await wire_->end(lingers);
  }
}

asio::awaitable<void> HttpConnection::turn_away() {
  begin_record();
  const HttpReply refusal =
      busy("The server has all the connections that it takes. Nothing was run: try again later.");
  HttpRequestReader reader(hub_->options.request);
  co_await refuse(reader, refusal);
}

// One request from its first byte to the end of its answer. False when the connection is over.
asio::awaitable<bool> HttpConnection::serve_request() {
  const bool has_begun = co_await wait_for_request();
  if (!has_begun) co_return false;
  begin_record();
  HttpRequestReader reader(hub_->options.request);
  if (const auto refusal = co_await read_request(reader)) {
    if (!wire_->is_at_end()) co_await refuse(reader, *refusal);
    co_return false;
  }
  HttpRequest& request = reader.request();
  request.client = client_address(peer_, request.headers, hub_->options.trusted_proxies);
  request.owners = &owners_;
  HttpAnswer answer = hub_->service->serve(request);
  record_.subject = std::move(answer.subject);
  // A call may take its time, and has taken over what it needs of the body.
  record_.bytes_in = std::exchange(request.body, {}).size();
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

// False when none comes, or the server takes none any more.
asio::awaitable<bool> HttpConnection::wait_for_request() {
  if (!wire_->received().empty()) co_return true;
  wire_->read_more();
  const auto idle_end = Clock::now() + hub_->options.idle_time;
  const auto is_due = [&] {
    return !wire_->is_reading() || (hub_->is_draining && !wire_->has_arrived());
  };
  if (!co_await wire_->until(is_due, idle_end)) co_return false;
  if (wire_->is_reading()) co_await wire_->stop_reading();
  co_return !wire_->received().empty();
}

// Nullopt when the request is whole; otherwise what to refuse it with, unless the client left.
asio::awaitable<std::optional<HttpReply>> HttpConnection::read_request(HttpRequestReader& reader) {
  const auto deadline = Clock::now() + hub_->options.request_time;
  bool is_judged = false;
  for (;;) {
    const auto state = reader.read(wire_->received());
    if (state == HttpRequestReader::State::complete) co_return std::nullopt;
    if (state == HttpRequestReader::State::refused) {
      co_return http_error(reader.status(), reader.why());
    }
    if (reader.has_head() && !std::exchange(is_judged, true)) {
      if (auto refusal = hub_->service->refuse(reader.request())) co_return refusal;
      if (reader.expects_continue()) co_await wire_->write("HTTP/1.1 100 Continue\r\n\r\n");
    }
    wire_->read_more();
    const auto is_due = [&] { return !wire_->is_reading() || hub_->stopping.stop_requested(); };
    if (!co_await wire_->until(is_due, deadline)) {
      co_return http_error(408, "The request took longer to arrive than this server waits");
    }
    if (wire_->is_at_end()) co_return HttpReply{};
    if (wire_->is_reading()) {
      co_return http_error(503, "The server is stopping. Nothing was run: call again later.");
    }
  }
}

// The last reply of a connection whose further bytes mean nothing.
asio::awaitable<void> HttpConnection::refuse(HttpRequestReader& reader, const HttpReply& refusal) {
  keeps_alive_ = false;
  const bool answers_head = reader.has_head() && reader.request().method == "HEAD";
  if (reader.has_head()) record_.bytes_in = reader.request().body.size();
  co_await reply(refusal, !answers_head);
  finish_record(reader);
}

asio::awaitable<void> HttpConnection::reply(HttpReply reply, bool has_body) {
  record_.status = reply.status;
  record_.outcome = reply.outcome;
  end_when_draining();
  const HttpReplyFrame frame{keeps_alive_, has_body, record_.id};
  const std::string text = print_reply(reply, frame);
  if (!co_await wire_->write(text)) leave();
}

asio::awaitable<void> HttpConnection::serve_work(HttpWork work) {
  const HttpHeaders headers = work.headers;
  if (auto refusal = refuse_stream(work)) {
    work.run = nullptr;  // its place is free before its client hears of the refusal
    add(headers, *refusal);
    co_await reply(*std::move(refusal), true);
    co_return;
  }
  call_ = std::make_shared<HttpExchange>(
      std::move(work),
      [weak = std::weak_ptr(wire_), executor = wire_->executor()] {
        asio::post(executor, [weak] {
          if (const auto wire = weak.lock()) wire->wake();
        });
      },
      hub_->stopping.get_token());
  if (submit(call_)) {
    wire_->read_ahead(true);
    co_await deliver(headers);
    wire_->read_ahead(false);
  } else {
    HttpReply refusal = busy(
        "The server has no thread for this call. It was not run and nothing was spent: call "
        "again later.");
    add(headers, refusal);
    co_await reply(std::move(refusal), true);
  }
  close_stream();
  call_.reset();
}

// Sees to it that work that needs a stream has its place for one.
std::optional<HttpReply> HttpConnection::refuse_stream(const HttpWork& work) {
  if (!work.needs_stream) return std::nullopt;
  if (!work.may_stream) {
    return http_error(
        406, "The answer is a stream: Accept must allow text/event-stream, and HTTP/1.1 is needed");
  }
  if (open_stream()) return std::nullopt;
  return busy("The server has all the event streams that it takes: try again later.");
}

bool HttpConnection::submit(std::shared_ptr<HttpExchange> call) {
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
asio::awaitable<void> HttpConnection::deliver(const HttpHeaders& headers) {
  bool may_stream = call_->may_stream();
  for (;;) {
    co_await wait_for_output();
    if (wire_->is_at_end()) co_return leave();
    if (may_stream && !call_->has_only_answer()) {
      if (has_stream_ || open_stream()) {
        co_await stream(headers);
        co_return;
      }
      may_stream = false;
      call_->drop_events();
    }
    HttpExchange::Output output = call_->take();
    if (output.answer) {
      add(headers, *output.answer);
      co_await reply(*std::move(output.answer), true);
      co_return;
    }
  }
}

asio::awaitable<void> HttpConnection::stream(const HttpHeaders& headers) {
  record_.status = 200;
  record_.was_stream = true;
  end_when_draining();
  const HttpReplyFrame frame{keeps_alive_, true, record_.id};
  const std::string head = print_stream_head(headers, frame);
  bool goes_on = co_await wire_->write(head);
  while (goes_on) {
    const HttpExchange::Output output = call_->take();
    const std::string chunks = next_chunks(output);
    goes_on = co_await wire_->write(chunks);
    const bool has_ended = is_end(output);
    if (has_ended && goes_on) {
      if (output.answer) record_.outcome = output.answer->outcome;
      co_return;
    }
    co_await wait_for_output();
    goes_on = goes_on && !wire_->is_at_end();
  }
  leave();
}

// Until the call has something to say, the client left, or it is time to say that the call lives.
asio::awaitable<void> HttpConnection::wait_for_output() {
  const auto next_comment = Clock::now() + hub_->options.comment_interval;
  co_await wire_->until([&] { return wire_->is_at_end() || call_->has_output(); }, next_comment);
}

bool HttpConnection::open_stream() {
  if (hub_->streams.fetch_add(1) >= hub_->options.streams) {
    --hub_->streams;
    return false;
  }
  has_stream_ = true;
  return true;
}

void HttpConnection::close_stream() {
  if (std::exchange(has_stream_, false)) --hub_->streams;
}

// The server may have begun to stop since the request came: a client that is not told would send
// its next one into a connection that closes. What has come already is still served.
void HttpConnection::end_when_draining() {
  if (!hub_->is_draining) return;
  const bool has_more = !wire_->received().empty() || wire_->has_arrived();
  keeps_alive_ = keeps_alive_ && has_more;
}

// The client did not get its whole answer.
void HttpConnection::leave() {
  if (call_) call_->abandon();
  record_.client_left = true;
  keeps_alive_ = false;
}

void HttpConnection::begin_record() {
  record_ = {};
  record_.began = Clock::now();
  record_.id = id_ + "-" + std::to_string(++requests_);
}

// In words of ours; empty when the request could not be read.
std::string_view HttpConnection::path_of(const HttpRequest& request) const {
  const std::string_view path =
      std::string_view(request.target).substr(0, request.target.find('?'));
  return path.empty() || hub_->service->owns(path) ? path : "other";
}

void HttpConnection::finish_record(HttpRequestReader& reader) {
  static const HttpRequest kUnread;
  const HttpRequest& request = reader.has_head() ? reader.request() : kUnread;
  const std::string client =
      request.client.empty() ? client_address(peer_, request.headers, hub_->options.trusted_proxies)
                             : request.client;
  hub_->observer.served(
      {record_.id, client, request.method, path_of(request), record_.subject, record_.status,
       record_.bytes_in, wire_->take_sent_count(),
       std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - record_.began),
       record_.was_stream, record_.client_left, record_.outcome});
  flush_soon();
}

// After whatever else is ready on this thread.
void HttpConnection::flush_soon() {
  if (hub_->will_flush.exchange(true)) return;
  asio::post(wire_->executor(), [hub = hub_] {
    hub->will_flush = false;  // first: who is told after this posts anew
    hub->observer.flush();
  });
}

}  // namespace motion_mcp::transport
