#pragma once

// The sockets of the HTTP server, on Boost.Asio and Beast (design decisions 10 and 11): accepts,
// reads requests, runs calls on a pool, writes replies and streams. Knows no MCP.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ip_address.h"
#include "base/result.h"
#include "base/worker_pool.h"
#include "transport/http_request_reader.h"
#include "transport/http_service.h"

namespace motion_mcp::transport {

struct HttpListenerOptions {
  std::string host = "127.0.0.1";  // an address, or a name that has one
  std::uint16_t port = 0;          // 0: any that is free
  HttpRequestLimits request;
  std::size_t connections = 4096;
  // Open streams of server-sent events. Beyond it calls are answered without progress.
  std::size_t streams = 2048;
  std::chrono::milliseconds request_time{10'000};  // from a request's first byte to its last
  std::chrono::milliseconds idle_time{75'000};     // between requests
  std::chrono::milliseconds stall_time{10'000};    // a client takes none of up to 16 KiB
  // How long a call may be silent before its client, if it takes a stream, hears that it lives.
  std::chrono::milliseconds comment_interval{15'000};
  // PEM files; without them the listener speaks plain HTTP. TLS 1.2 and later.
  std::string tls_certificate_file;
  std::string tls_key_file;
  // Proxies whose X-Forwarded-For is believed.
  base::AddressRanges trusted_proxies;
};

// One request that was answered, or whose client left.
struct HttpServed {
  std::string_view request_id;
  std::string_view client;  // its address
  std::string_view method;  // of HTTP; empty when the request could not be read
  std::string_view path;    // one of the service's (HttpService::owns), or "other"
  const HttpSubject& subject;
  int status = 0;
  std::size_t bytes_in = 0;   // of the body
  std::size_t bytes_out = 0;  // in all
  std::chrono::microseconds took{};
  bool was_stream = false;
  bool client_left = false;       // before it had the whole answer
  std::string_view outcome = {};  // HttpReply::outcome
};

class HttpObserver {
 public:
  virtual ~HttpObserver() = default;
  // On an I/O thread: must not block or throw.
  virtual void served(const HttpServed& request) = 0;
  // So as well, after one or several of those but before the thread waits for more: what is better
  // done once for them all.
  virtual void flush() {}
};

class HttpListener {
 public:
  // Takes the address, but no connection yet. `pool` and `observer` must outlive it. unavailable
  // when the address cannot be listened on, invalid_argument when a TLS file is none.
  static Result<std::unique_ptr<HttpListener>> open(const HttpListenerOptions& options,
                                                    base::WorkerPool& pool, HttpObserver& observer);
  // Begins to serve, on threads of its own. Once; `service` must outlive it.
  void serve(const HttpService& service);
  // Cuts every connection, stops the calls under way and waits for them.
  ~HttpListener();
  HttpListener(const HttpListener&) = delete;
  HttpListener& operator=(const HttpListener&) = delete;

  [[nodiscard]] std::uint16_t port() const;

  struct Figures {
    std::size_t connections = 0;    // open now
    std::size_t streams = 0;        // open now
    std::uint64_t accepted = 0;     // connections, since the start
    std::uint64_t turned_away = 0;  // of them, because of the limit
  };
  [[nodiscard]] Figures figures() const;

  // Takes no new connection. Requests that have come are served; calls under way are let go on
  // until `calls_end`, then stopped, so that each has its answer, and what has come of a request by
  // then is refused. Returns when all is over, at the latest at `deadline`: true when no call is
  // under way any more. Clients that have not taken their answer by then are the destructor's.
  bool drain(base::SteadyTime calls_end, base::SteadyTime deadline);

 private:
  struct Impl;
  explicit HttpListener(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace motion_mcp::transport
