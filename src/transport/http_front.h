#pragma once

// MCP's Streamable HTTP without sockets: a request in, a reply or work out. Every rule of the
// transport is here, for both eras; http_listener only moves bytes.

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "mcp/server.h"
#include "transport/admission.h"
#include "transport/http_access.h"
#include "transport/http_service.h"
#include "transport/http_sessions.h"

namespace motion_mcp::transport {

// Thread-safe. `server` and `admission` must outlive it, and it must outlive its work. Replicas
// that serve the same clients have the same `seal_keys`.
class HttpFront final : public HttpService {
 public:
  static constexpr std::string_view kPath = "/mcp";

  // `kept` makes it keep its sessions; null for sealed ones.
  HttpFront(const mcp::Server& server, HttpAccess access, Admission& admission,
            std::shared_ptr<const base::SealKeys> seal_keys,
            std::shared_ptr<KeptSessions> kept = nullptr);

  [[nodiscard]] bool owns(std::string_view path) const override { return path == kPath; }
  [[nodiscard]] std::optional<HttpReply> refuse(const HttpRequest& head) const override;
  [[nodiscard]] HttpAnswer serve(const HttpRequest& request) const override;

 private:
  struct Post;
  using Ticket = std::shared_ptr<Admission::Ticket>;

  [[nodiscard]] std::variant<HttpCaller, HttpReply> judge_head(const HttpRequest& head) const;
  [[nodiscard]] HttpStep serve_post(Post post) const;
  std::optional<HttpReply> choose_version(Post& post, const jsonrpc::Message* message) const;
  void describe(const jsonrpc::Message& message, HttpSubject& subject) const;
  [[nodiscard]] HttpStep serve_message(Post post, jsonrpc::Message message) const;
  [[nodiscard]] HttpStep serve_batch(Post post, jsonrpc::Batch batch) const;
  void forward(mcp::Step& step, const Post& post) const;
  using Print = std::function<HttpReply(std::vector<mcp::Reply>)>;
  [[nodiscard]] HttpStep begin_calls(Post post, std::vector<mcp::Work> calls, Print print) const;
  [[nodiscard]] std::variant<Ticket, HttpReply> admit(const std::string& owner,
                                                      std::size_t paid_calls) const;

  const mcp::Server& server_;
  const HttpAccess access_;
  Admission& admission_;
  mutable HttpSessions sessions_;
};

}  // namespace motion_mcp::transport
