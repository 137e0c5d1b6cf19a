#pragma once

// The transports that a session is played over, without sockets.

#include <functional>
#include <memory>
#include <string_view>

#include "base/clock.h"
#include "mcp/server.h"

namespace motion_mcp::golden {

// Takes a line of the transcript. Called from any thread.
using TakeLine = std::function<void(std::string_view line)>;

class Wire {
 public:
  virtual ~Wire() = default;

  // Sends a message and waits for what becomes of it.
  virtual void send(std::string_view message) = 0;

  // HTTP alone. "Name: value" for the next request, in place of what the header usually says; no
  // value leaves it out.
  virtual void set_header(std::string_view line);
  // A request with this method and no body.
  virtual void send_bodiless(std::string_view method);
};

// `server` must outlive the wire.
std::unique_ptr<Wire> make_stdio_wire(const mcp::Server& server, mcp::Caller caller, TakeLine take);
// `clock`, too.
std::unique_ptr<Wire> make_http_wire(const mcp::Server& server, const base::Clock& clock,
                                     std::string_view version, TakeLine take);

inline constexpr const char* kKey = "motion_golden_transcript_key";

}  // namespace motion_mcp::golden
