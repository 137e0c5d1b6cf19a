#pragma once

// The sessions of the handshake era at the HTTP front: sealed into their ids (http_session.h), or
// kept (http_kept_sessions.h) when the server was made so.

#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "mcp/server.h"
#include "transport/cancellable_calls.h"
#include "transport/client_questions.h"
#include "transport/http_kept_sessions.h"
#include "transport/http_service.h"
#include "transport/http_session.h"

namespace motion_mcp::transport {

// Thread-safe. It must outlive the work of its calls.
class HttpSessions {
 public:
  // The session that one request belongs to.
  struct Membership {
    std::optional<HttpSession> session;
    std::shared_ptr<KeptSession> kept;  // null when none is, or none was named
  };

  // `kept` makes it keep them; null for sealed ones.
  HttpSessions(std::shared_ptr<const base::SealKeys> seal_keys, std::shared_ptr<KeptSessions> kept)
      : seal_keys_(std::move(seal_keys)), kept_(std::move(kept)) {}

  [[nodiscard]] bool keeps() const { return kept_ != nullptr; }

  // GET and DELETE. Of a server that keeps its sessions.
  [[nodiscard]] HttpStep serve(const HttpRequest& request, const std::string& owner) const;

  // For `initialize` at a server that keeps its sessions: the session is there before the server
  // answers, and its outlet in `connection`.
  [[nodiscard]] Membership begin(const std::string& owner, mcp::Connection& connection) const;
  // Names the session in the answer to `initialize`.
  void name(const Membership& membership, const std::string& owner,
            const mcp::Connection& connection, HttpReply& answer) const;

  // For every other message: what the client's `initialize` agreed on, when its session id brings
  // it back, in `membership` and `connection`. A reply refuses a session that is not kept any more.
  std::optional<HttpReply> resume(const HttpRequest& request, const std::string& owner,
                                  Membership& membership, mcp::Connection& connection) const;

  // The calls of one message, one after the other. A message of their session may cancel each, also
  // before its turn, and each may ask its client: the request goes out on the message's own stream,
  // the answer comes as another POST. Once `unheard` is requested there is no such stream, and the
  // client cannot be asked; without a session neither goes. May block.
  std::vector<mcp::Reply> run(std::span<const mcp::Work> calls,
                              const std::optional<HttpSession>& session, const std::string& owner,
                              const std::stop_token& unheard, const mcp::RunContext& context);
  // What such messages say.
  void cancel(const HttpSession& session, const std::string& owner, const jsonrpc::Id& call);
  void answer(const std::string& owner, mcp::Answer answer);

 private:
  mcp::Reply run_one(const mcp::Work& work, CancellableCalls::Entry& entry,
                     const std::string& owner, const std::stop_token& unheard,
                     const mcp::RunContext& context);

  const std::shared_ptr<const base::SealKeys> seal_keys_;
  const std::shared_ptr<KeptSessions> kept_;
  ClientQuestions questions_;
  CancellableCalls calls_;
};

}  // namespace motion_mcp::transport
