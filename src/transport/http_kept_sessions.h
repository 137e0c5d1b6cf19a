#pragma once

// Sessions of the handshake era that a server keeps: their clients can be told things between
// requests, on a GET stream, and can come back for a stream they lost (MCP 2025-11-25 "Session
// Management", "Resumability and Redelivery"). They bind a client to one process, and end with it:
// a server that needs neither does without (http_session.h).

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "mcp/server.h"
#include "transport/http_event_writer.h"
#include "transport/http_service.h"

namespace motion_mcp::transport {

// Thread-safe.
class KeptSession : public std::enable_shared_from_this<KeptSession> {
 public:
  // Finished streams that can still be asked for, and events of one.
  static constexpr std::size_t kMaxStreams = 32;
  static constexpr std::size_t kMaxEvents = 256;
  // What a client is asked to wait before it comes back for a stream (the `retry` field).
  static constexpr std::chrono::milliseconds kRetry{500};

  explicit KeptSession(std::string id) : id_(std::move(id)) {}

  [[nodiscard]] const std::string& id() const { return id_; }

  // What the session agreed on, with the outlet of its own stream in it.
  [[nodiscard]] mcp::Connection connection();
  void set_connection(const mcp::Connection& connection);

  // A stream for the answer to one request.
  [[nodiscard]] std::shared_ptr<HttpEventWriter> begin_stream();

  // Writes the session's own stream to `notify`, or the rest of the stream that `last_event_id` is
  // of, as whole events: until it is over, the session ends, or `stop`. May block. False, with
  // nothing written, for an id that is not of this session.
  bool resume(std::string_view last_event_id, const mcp::RunContext& context);

  // Ends what runs in resume().
  void end();

 private:
  class Writer;
  struct Stream;
  using Number = unsigned long;
  static constexpr Number kOwnStream = 0;

  std::string append(Number stream, std::string_view message, bool is_last);

  const std::string id_;
  std::mutex mutex_;  // what follows
  mcp::Connection connection_;
  std::map<Number, std::shared_ptr<Stream>> streams_;
  Number next_stream_ = kOwnStream + 1;
  bool is_over_ = false;
  std::condition_variable_any changed_;
};

// Thread-safe. `clock` must outlive it.
class KeptSessions {
 public:
  struct Limits {
    std::size_t sessions = 1000;  // beyond, the one that was idle for longest ends
    std::chrono::minutes idle{30};
  };
  KeptSessions(Limits limits, const base::Clock& clock) : limits_(limits), clock_(clock) {}

  std::shared_ptr<KeptSession> begin(const std::string& owner);
  // Null for an id that is not one of this owner's, or no longer.
  std::shared_ptr<KeptSession> find(const std::string& owner, std::string_view id);
  // False when there is none.
  bool end(const std::string& owner, std::string_view id);

 private:
  struct Entry {
    std::string owner;
    std::shared_ptr<KeptSession> session;
    base::SteadyTime last_used;
  };
  void make_room();

  const Limits limits_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Entry, std::less<>> sessions_;  // by id
};

}  // namespace motion_mcp::transport
