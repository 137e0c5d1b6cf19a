#pragma once

// MCP over lines, without file descriptors: what stdio is made of, and the in-memory transport that
// `motion-mcp call` and the tests speak to the server through.

#include <functional>
#include <memory>
#include <string_view>

#include "base/clock.h"
#include "base/worker_pool.h"
#include "mcp/server.h"

namespace motion_mcp::transport {

// A longer line is refused (facts: the official SDK's cap).
inline constexpr std::size_t kMaxLineBytes = 4UL * 1024 * 1024;

// Takes one or more whole lines, each with its "\n". Called by one thread at a time, from whichever
// thread has something to send; must not call back into the session.
using EmitLines = std::function<void(std::string_view lines)>;

// One conversation. Calls run on `pool`, so a slow one delays nothing else; a request cancelled by
// the client gets no answer. `server` and `pool` must outlive the session, and the session must
// outlive the pool's work: stop(), then wait_idle() or leave the process.
class LineSession {
 public:
  LineSession(const mcp::Server& server, mcp::Caller caller, base::WorkerPool& pool,
              EmitLines emit);
  ~LineSession();
  LineSession(const LineSession&) = delete;
  LineSession& operator=(const LineSession&) = delete;

  // Serves one line, with or without its line end; a blank one is skipped. Never blocks on a call.
  // Answers made at once are held until flush(), so that many leave in one write. The reading
  // thread's alone, like flush().
  void feed(std::string_view line);
  // Answers a line that was too long to read whole; `head` is its beginning.
  void refuse_long_line(std::string_view head);
  void flush();

  // Asks everything in flight to stop. Thread-safe.
  void stop();
  // True when nothing is in flight; waits until `deadline` for it. Thread-safe.
  bool wait_idle(base::SteadyTime deadline);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace motion_mcp::transport
