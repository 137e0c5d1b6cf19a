#include "transport/http_sessions.h"

#include <deque>
#include <utility>

#include "transport/http_accept.h"
#include "transport/http_error.h"

namespace motion_mcp::transport {
namespace {

HttpReply session_not_found() {
  return http_error(404, "This server has no such session, or no longer: initialize anew");
}

// For a stream whose messages are events already.
class WrittenEvents final : public HttpEventWriter {
 public:
  std::string opening() override { return {}; }
  std::string event(std::string_view event) override { return std::string(event); }
  std::string last_event(std::string_view event) override { return std::string(event); }
};

// Clients number their requests alike, so a call is named within its session only.
std::string name_of(const HttpSession& session, const std::string& owner) {
  return owner + session.nonce;
}

}  // namespace

HttpStep HttpSessions::serve(const HttpRequest& request, const std::string& owner) const {
  const HeaderValue id = find_header(request.headers, "Mcp-Session-Id");
  if (id.count != 1) return http_error(400, "Mcp-Session-Id is missing");
  if (request.method == "DELETE") {
    return kept_->end(owner, id.value) ? HttpReply{204, {}, {}} : session_not_found();
  }
  if (!accepts(request.headers, "text/*", "text/event-stream")) {
    return http_error(406, "Accept must allow text/event-stream");
  }
  const auto session = kept_->find(owner, id.value);
  if (!session) return session_not_found();
  HttpWork work;
  work.may_stream = true;
  work.needs_stream = true;
  work.ends_with_client = true;
  work.writer = std::make_shared<WrittenEvents>();
  work.run = [session, from = std::string(find_header(request.headers, "Last-Event-ID").value)](
                 const mcp::RunContext& context) {
    if (session->resume(from, context)) return HttpReply{200, {}, {}};
    return http_error(404, "There is no stream with this Last-Event-ID, or no longer");
  };
  return work;
}

HttpSessions::Membership HttpSessions::begin(const std::string& owner,
                                             mcp::Connection& connection) const {
  Membership membership;
  membership.kept = kept_->begin(owner);
  connection.outlet = membership.kept->connection().outlet;
  return membership;
}

void HttpSessions::name(const Membership& membership, const std::string& owner,
                        const mcp::Connection& connection, HttpReply& answer) const {
  if (membership.kept) {
    if (answer.outcome.empty()) {
      answer.headers.emplace_back("Mcp-Session-Id", membership.kept->id());
    }
    return;
  }
  const auto id = make_session_id(*seal_keys_, owner, connection.client_capabilities);
  if (id) answer.headers.emplace_back("Mcp-Session-Id", *id);
}

std::optional<HttpReply> HttpSessions::resume(const HttpRequest& request, const std::string& owner,
                                              Membership& membership,
                                              mcp::Connection& connection) const {
  const HeaderValue id = find_header(request.headers, "Mcp-Session-Id");
  if (id.count != 1) return std::nullopt;
  if (kept_) {
    membership.kept = kept_->find(owner, id.value);
    if (!membership.kept) return session_not_found();
    const auto version = connection.negotiated;
    connection = membership.kept->connection();
    connection.negotiated = version;
    membership.session = HttpSession{connection.client_capabilities, membership.kept->id()};
    return std::nullopt;
  }
  membership.session = open_session_id(*seal_keys_, owner, id.value);
  if (membership.session) {
    connection.client_capabilities = membership.session->client_capabilities;
  }
  return std::nullopt;
}

std::vector<mcp::Reply> HttpSessions::run(std::span<const mcp::Work> calls,
                                          const std::optional<HttpSession>& session,
                                          const std::string& owner, const std::stop_token& unheard,
                                          const mcp::RunContext& context) {
  std::vector<mcp::Reply> replies;
  if (!session) {
    for (const mcp::Work& work : calls) replies.push_back(work.run(context));
    return replies;
  }
  std::deque<CancellableCalls::Entry> entries;
  for (const mcp::Work& work : calls) {
    entries.emplace_back(calls_, name_of(*session, owner), work.id);
  }
  for (std::size_t i = 0; i < calls.size(); ++i) {
    replies.push_back(run_one(calls[i], entries[i], owner, unheard, context));
  }
  return replies;
}

mcp::Reply HttpSessions::run_one(const mcp::Work& work, CancellableCalls::Entry& entry,
                                 const std::string& owner, const std::stop_token& unheard,
                                 const mcp::RunContext& context) {
  const std::stop_callback forward(context.stop, [&] { entry.stop().request_stop(); });
  mcp::RunContext own{entry.stop().get_token(), context.notify};
  own.suspend = context.suspend;
  own.ending = context.ending;
  own.ask = [&](std::string_view method, const Json& params) -> std::optional<Json> {
    if (unheard.stop_requested()) return std::nullopt;
    std::stop_source over;
    const std::stop_callback when_stopped(own.stop, [&] { over.request_stop(); });
    const std::stop_callback when_unheard(unheard, [&] { over.request_stop(); });
    return questions_.ask(owner, method, params, context.notify, over.get_token());
  };
  return work.run(own);
}

void HttpSessions::cancel(const HttpSession& session, const std::string& owner,
                          const jsonrpc::Id& call) {
  calls_.cancel(name_of(session, owner), call);
}

void HttpSessions::answer(const std::string& owner, mcp::Answer answer) {
  questions_.answer(owner, answer.id, std::move(answer.result));
}

}  // namespace motion_mcp::transport
