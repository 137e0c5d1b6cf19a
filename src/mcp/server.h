#pragma once

// The MCP server without a transport: one message in, what becomes of it out. Both eras at once
// (MCP 2026-07-28 per request, 2024-11-05 to 2025-11-25 after `initialize`).

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/seal_key_source.h"
#include "jsonrpc/message.h"
#include "mcp/connection_changes.h"
#include "mcp/features.h"
#include "mcp/header_mirror.h"
#include "mcp/reply.h"
#include "mcp/version.h"

namespace motion_mcp::mcp {

// What a tool's credential (Tool::credential) adds to the instructions.
struct FurtherInstructions {
  std::string credential;
  std::string text;
};

// MCP "Implementation", and the text that hosts show their model. Keep `instructions` under 2 KB:
// some hosts cut there. What is empty is left out, but for name and version.
struct ServerInfo {
  std::string name;
  std::string title;
  std::string version;
  std::string website_url;
  std::string instructions;
  // Added, in this order, for the callers who have the credential.
  std::vector<FurtherInstructions> further_instructions = {};
};

// As MCP's "Implementation".
Json implementation_json(const ServerInfo& info);

// What the caller is told.
std::string instructions_for(const ServerInfo& info, const Caller& caller);

// What a message comes with besides itself. Not thread-safe: the transport's reading thread alone
// holds it.
struct Connection {
  // What `initialize` agreed on: for the life of a process on stdio, as each request's header says
  // on HTTP. Requests of the per-request era neither read nor change it.
  std::optional<Version> negotiated;
  // What the client declared in `initialize`; an object.
  Json client_capabilities = Json::object();
  // logging/setLevel, in the handshake era.
  LogLevel log_level = LogLevel::info;
  // Takes whole notifications that answer no request, from any thread, for as long as `changes`
  // lives; empty on a transport that has no way for them. Set before `initialize`.
  std::function<void(std::string_view notification)> outlet = {};
  // What this connection is told of; made by `initialize`.
  std::shared_ptr<ConnectionChanges> changes = nullptr;
  // The headers that a request of the per-request era must repeat itself in; nullopt on a transport
  // without headers.
  std::optional<HeaderMirror> headers;
};

// What a running request may use besides its return value.
struct RunContext {
  std::stop_token stop;
  // Takes one whole JSON-RPC notification of this request, without a line end. Thread-safe. Not
  // called any more once the run has returned.
  std::function<void(std::string_view notification)> notify;
  // Sends the client a request and waits for its result: nullopt when it answers with an error, not
  // in time or not at all. Empty on a transport without a way back.
  std::function<std::optional<Json>(std::string_view method, const Json& params)> ask = {};
  // Lets go of the client's stream before the answer is there, for calls of minutes; the client
  // comes back for it. Empty where it could not.
  std::function<void()> suspend = {};
  // The server is ending; `stop` is requested then, too. For what a call sees through although its
  // caller left.
  std::stop_token ending = {};
};

// Nothing to send: a notification.
struct Ignore {};

// The client no longer wants the answer to its request `id` (notifications/cancelled).
struct Cancel {
  jsonrpc::Id id;
};

// The client's answer to a request of ours (RunContext::ask).
struct Answer {
  jsonrpc::Id id;
  std::optional<Json> result;  // nullopt for an error
};

// A request whose answer may take a while. `run` never throws; call it once, on a thread that may
// block. It keeps what it needs of the message, but the
// server must outlive it.
struct Work {
  jsonrpc::Id id;
  std::function<Reply(const RunContext&)> run;
  // It changes and spends nothing, so that it may be given up when nobody waits for it.
  bool is_read_only = false;
};

using Step = std::variant<Ignore, Reply, Cancel, Answer, Work>;

// True when a request's parameters state a protocol version, which alone puts it into the
// per-request era, whatever its method.
bool claims_version(const Json& params);

// Thread-safe after construction.
class Server {
 public:
  // A defect in a definition is a programming error and aborts at the first request that needs it.
  // `seal_keys` let other processes take up a call between its rounds (input.h), and its tasks
  // (task.h); without them only this one can. `clock` must outlive the server.
  Server(ServerInfo info, Features features,
         std::shared_ptr<const base::SealKeySource> seal_keys = nullptr,
         const base::Clock& clock = base::system_clock());
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Never blocks and never throws: what needs time comes back as Work.
  Step accept(jsonrpc::Message message, Connection& connection, const Caller& caller) const;

  [[nodiscard]] bool has_tool(std::string_view name) const;

  // The answer to bytes that are no message, or none of this connection's: with the id when it is
  // known, else as the connection's version has it.
  [[nodiscard]] static Reply refuse(const std::optional<jsonrpc::Id>& id, jsonrpc::Code code,
                                    std::string_view message, const Connection& connection);

  // The answer to a batch that must not be served at all: the connection's version has none, or it
  // holds a request that cannot be part of one. Nullopt when its messages may be accepted one by
  // one.
  [[nodiscard]] std::optional<Reply> refuse_batch(const jsonrpc::Batch& batch,
                                                  const Connection& connection) const;

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace motion_mcp::mcp
