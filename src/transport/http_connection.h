#pragma once

// One connection of http_listener: its requests one after the other, each answered by a reply or a
// stream. Private to the listener.

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "base/owner.h"
#include "transport/http_exchange.h"
#include "transport/http_hub.h"
#include "transport/http_wire.h"

namespace motion_mcp::transport {

// Every function but the destructor is called on the connection's I/O thread.
class HttpConnection {
 public:
  // `peer` is the client's address. `id` begins the ids of its requests. With `is_too_many` it is
  // told that the server is full, and no more.
  HttpConnection(std::shared_ptr<HttpWire> wire, std::shared_ptr<HttpHub> hub, std::string peer,
                 std::string id, bool is_too_many);

  // Serves the connection to its end. The connection must outlive it.
  asio::awaitable<void> run();
  // The hub is draining or stopping: an idle connection closes, a busy one after its answer.
  void wake() { wire_->wake(); }
  void cut() { wire_->cut(); }

 private:
  using Clock = HttpWire::Clock;

  // What the observer is told of a request.
  struct Record {
    std::string id;
    HttpSubject subject;
    Clock::time_point began;
    int status = 0;
    std::size_t bytes_in = 0;
    std::string_view outcome;
    bool was_stream = false;
    bool client_left = false;
  };

  asio::awaitable<void> converse();
  asio::awaitable<void> turn_away();
  asio::awaitable<bool> serve_request();
  asio::awaitable<bool> wait_for_request();
  asio::awaitable<std::optional<HttpReply>> read_request(HttpRequestReader& reader);
  asio::awaitable<void> refuse(HttpRequestReader& reader, const HttpReply& refusal);
  asio::awaitable<void> reply(HttpReply reply, bool has_body);
  asio::awaitable<void> serve_work(HttpWork work);
  std::optional<HttpReply> refuse_stream(const HttpWork& work);
  bool submit(std::shared_ptr<HttpExchange> call);
  asio::awaitable<void> deliver(const HttpHeaders& headers);
  asio::awaitable<void> stream(const HttpHeaders& headers);
  asio::awaitable<void> wait_for_output();
  bool open_stream();
  void close_stream();
  void end_when_draining();
  void leave();
  void begin_record();
  [[nodiscard]] std::string_view path_of(const HttpRequest& request) const;
  void finish_record(HttpRequestReader& reader);
  void flush_soon();

  const std::shared_ptr<HttpWire> wire_;
  const std::shared_ptr<HttpHub> hub_;
  const std::string peer_;
  const std::string id_;
  const bool is_too_many_;

  std::shared_ptr<HttpExchange> call_;  // while one is under way
  base::OwnerMemory owners_;
  std::size_t requests_ = 0;
  Record record_;
  bool keeps_alive_ = true;
  bool has_stream_ = false;  // one of the hub's
};

}  // namespace motion_mcp::transport
