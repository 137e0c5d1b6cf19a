#pragma once

// What a listener serves: a request in, a reply or work out. No sockets.

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>

#include "mcp/server.h"
#include "transport/http_event_writer.h"
#include "transport/http_message.h"

namespace motion_mcp::transport {

// A call whose answer may take a while.
struct HttpWork {
  // The client takes text/event-stream. Without it notifications are dropped and the answer is
  // JSON.
  bool may_stream = false;
  // It has nothing to say but on a stream: where it can have none it is refused and not run.
  bool needs_stream = false;
  // The client leaving ends the call: always in the per-request era (2026-07-28 "Cancellation"); in
  // the others a disconnect is no cancellation, but a call that only reads is given up all the
  // same.
  bool ends_with_client = false;
  // The answer: the whole reply, or, once a notification went out, the last message of the stream
  // (its body). Runs once, on a thread that may block; never throws.
  std::function<HttpReply(const mcp::RunContext&)> run;
  // Writes the events of the stream; null for events without ids.
  std::shared_ptr<HttpEventWriter> writer = nullptr;
  // What the head of the answer carries besides its own headers, be it a stream or a reply.
  HttpHeaders headers;
  // Requested when what is said before the answer does not reach the client, for want of a stream:
  // who has asked something need not wait.
  std::stop_source unheard = {};
};

using HttpStep = std::variant<HttpReply, HttpWork>;

// What a request was about, for logs and figures: words of ours, never a stranger's.
struct HttpSubject {
  std::string method;  // of MCP; empty when it is not known
  std::string tool;
  std::string owner;  // the beginning of the owner id (base/owner.h)
};

struct HttpAnswer {
  HttpStep step;
  HttpSubject subject;
};

// Thread-safe. No function blocks or throws.
class HttpService {
 public:
  virtual ~HttpService() = default;

  // Whether something is served at this path. Logs name no other: what else is asked for is a
  // stranger's word, and people put keys there.
  [[nodiscard]] virtual bool owns(std::string_view path) const = 0;

  // A refusal that a request's head alone deserves, so that a stranger's body is not taken in.
  [[nodiscard]] virtual std::optional<HttpReply> refuse(const HttpRequest& head) const = 0;
  [[nodiscard]] virtual HttpAnswer serve(const HttpRequest& request) const = 0;
};

}  // namespace motion_mcp::transport
