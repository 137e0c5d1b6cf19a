#pragma once

// A listener on a free loopback port, with the front, gate tools and a record of what was served.

#include <doctest/doctest.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/worker_pool.h"
#include "fakes/manual_clock.h"
#include "http/gate_tools.h"
#include "http/http_client.h"
#include "transport/http_access_log.h"
#include "transport/http_front.h"
#include "transport/http_listener.h"

namespace motion_mcp::test {

// What the listener told of each request, in the order told. Thread-safe.
class Records final : public transport::HttpObserver {
 public:
  struct Record {
    std::string client;
    std::string line;  // of the access log
    int status = 0;
    std::size_t bytes_out = 0;
    bool was_stream = false;
    bool client_left = false;
  };

  void served(const transport::HttpServed& request) override {
    const std::lock_guard lock(mutex_);
    records_.push_back({std::string(request.client), transport::HttpAccessLog::line(request, {}),
                        request.status, request.bytes_out, request.was_stream,
                        request.client_left});
    changed_.notify_all();
  }
  void flush() override {
    const std::lock_guard lock(mutex_);
    flushed_ = records_.size();
    changed_.notify_all();
  }

  // How many of `count` requests a flush has followed, once it is all of them or the deadline came.
  std::size_t wait_flushed(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, std::chrono::steady_clock::now() + kTestDeadline,
                        [&] { return flushed_ >= count; });
    return flushed_;
  }
  // All of them, once there are `count`; fewer after the deadline.
  std::vector<Record> wait(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, std::chrono::steady_clock::now() + kTestDeadline,
                        [&] { return records_.size() >= count; });
    return records_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Record> records_;
  std::size_t flushed_ = 0;
};

struct Site {
  struct Setup {
    transport::HttpListenerOptions options;
    transport::Admission::Limits admission{.paid_per_minute = 1'000'000};
    base::WorkerPool::Limits pool{.threads = 64, .queued = 0};
  };

  Site() : Site(Setup{}) {}
  explicit Site(const Setup& setup) : admission(setup.admission, clock), pool(setup.pool) {
    auto opened = transport::HttpListener::open(setup.options, pool, records);
    REQUIRE(opened);
    listener = *std::move(opened);
    listener->serve(front);
  }

  [[nodiscard]] std::uint16_t port() const { return listener->port(); }
  [[nodiscard]] Client connect() const { return Client(port()); }
  bool drain(std::chrono::milliseconds calls_end, std::chrono::milliseconds deadline) const {
    const auto now = std::chrono::steady_clock::now();
    return listener->drain(now + calls_end, now + deadline);
  }
  // Waits until so many connections are open; false after the deadline.
  [[nodiscard]] bool wait_connections(std::size_t count) const {
    const auto deadline = std::chrono::steady_clock::now() + kTestDeadline;
    while (listener->figures().connections != count) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }

  Gate gate;
  mcp::Server server{toy_info(), {gate_tools(gate)}};
  fakes::ManualClock clock;
  transport::Admission admission;
  transport::HttpFront front{server,
                             {{"127.0.0.1"}, {"https://page.example"}, "", ""},
                             admission,
                             std::make_shared<const base::SealKeys>(
                                 *base::SealKeys::make({std::string(base::kSealKeyBytes, 'k')}))};
  Records records;
  base::WorkerPool pool;
  std::unique_ptr<transport::HttpListener> listener;
};

inline constexpr std::string_view kPlace =
    "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n";
inline constexpr std::string_view kCredential = "Authorization: Bearer motion_0123456789abcdef\r\n";
inline constexpr std::string_view kStream = "Accept: application/json, text/event-stream\r\n";

// `head` must end its last line; the Content-Length is added.
inline std::string message(std::string head, std::string_view body) {
  head += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  return head.append(body);
}

inline std::string head(std::string_view more = "") {
  return std::string(kPlace).append(kCredential).append(more);
}

// A call in the handshake era. `meta` without braces.
inline std::string call(int id, const std::string& tool, const std::string& arguments = "{}",
                        std::string_view more = kStream, const std::string& meta = "") {
  return message(head(more), R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
                                 R"(,"method":"tools/call","params":{"name":")" + tool +
                                 R"(","arguments":)" + arguments + R"(,"_meta":{)" + meta + "}}}");
}

inline std::string call_with_progress(int id, const std::string& tool,
                                      std::string_view more = kStream) {
  return call(id, tool, "{}", more, R"("progressToken":"t")");
}

// A call in the per-request era, with progress.
inline std::string modern_call(int id, const std::string& tool) {
  return message(
      head(std::string(kStream) +
           "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: " + tool +
           "\r\n"),
      R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
          R"(,"method":"tools/call","params":{"name":")" + tool +
          R"(","arguments":{},"_meta":{"progressToken":"t","io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}})");
}

inline std::string ping(int id, std::string_view more = "") {
  return message(head(more),
                 R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":"ping"})");
}

inline int id_of(const Answer& answer) {
  const Json body = Json::parse(answer.body, nullptr, false);
  return body.is_object() && body.contains("id") && body["id"].is_number() ? body["id"].get<int>()
                                                                           : -1;
}

// The messages of a stream, in order. Anything but comments and messages without an id of their own
// makes it end with a null.
inline std::vector<Json> messages_of(std::string_view stream) {
  constexpr std::string_view kBegin = "event: message\ndata: ";
  std::vector<Json> messages;
  while (!stream.empty()) {
    const std::size_t end = stream.find("\n\n");
    if (end == std::string_view::npos) return messages.emplace_back(), messages;
    const std::string_view event = stream.substr(0, end);
    stream.remove_prefix(end + 2);
    if (event.starts_with(":")) continue;
    if (!event.starts_with(kBegin)) return messages.emplace_back(), messages;
    messages.push_back(Json::parse(event.substr(kBegin.size()), nullptr, false));
  }
  return messages;
}

}  // namespace motion_mcp::test
