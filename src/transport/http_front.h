#pragma once

// MCP's Streamable HTTP without sockets: a request in, a reply or work out. Every rule of the
// transport is here, for both eras; http_listener only moves bytes.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "mcp/server.h"
#include "transport/admission.h"
#include "transport/http_access.h"
#include "transport/http_message.h"

namespace motion_mcp::transport {

// A call whose answer may take a while.
struct HttpWork {
  // The client takes text/event-stream. Without it notifications are dropped and the answer is
  // JSON.
  bool may_stream = false;
  // The client leaving ends the call: always in the per-request era (2026-07-28 "Cancellation"); in
  // the others a disconnect is no cancellation, but a call that only reads is given up all the
  // same.
  bool ends_with_client = false;
  // The answer: the whole reply, or, once a notification went out, the last message of the stream
  // (its body). Runs once, on a thread that may block; never throws.
  std::function<HttpReply(const mcp::RunContext&)> run;
  // What the reply or the stream carries besides its own headers.
  HttpHeaders headers;
};

using HttpStep = std::variant<HttpReply, HttpWork>;

// Thread-safe. `server` and `admission` must outlive it.
class HttpFront {
 public:
  static constexpr std::string_view kPath = "/mcp";

  HttpFront(const mcp::Server& server, HttpAccess access, Admission& admission);

  // Never blocks and never throws.
  [[nodiscard]] HttpStep serve(const HttpRequest& request) const;

 private:
  struct Post;
  using Ticket = std::shared_ptr<Admission::Ticket>;

  [[nodiscard]] HttpStep serve_place(const HttpRequest& request) const;
  [[nodiscard]] HttpStep serve_post(const HttpRequest& request, mcp::Caller caller) const;
  std::optional<HttpReply> choose_version(Post& post, const jsonrpc::Message* message) const;
  [[nodiscard]] HttpStep serve_message(Post post, jsonrpc::Message message) const;
  [[nodiscard]] HttpStep serve_batch(Post post, jsonrpc::Batch batch) const;
  [[nodiscard]] std::variant<Ticket, HttpReply> admit(const mcp::Caller& caller,
                                                      bool is_read_only) const;

  const mcp::Server& server_;
  const HttpAccess access_;
  Admission& admission_;
};

}  // namespace motion_mcp::transport
