#include "transport/http_front.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/owner.h"
#include "jsonrpc/message.h"
#include "mcp/method_names.h"
#include "transport/http_accept.h"
#include "transport/http_error.h"

namespace motion_mcp::transport {
namespace {

using jsonrpc::Code;

// What a client that sends no version header speaks (MCP 2025-06-18, "Protocol Version Header").
constexpr mcp::Version kVersionWithoutHeader = mcp::Version::v2025_03_26;

// Enough of an owner id to tell the lines of a log apart.
constexpr std::size_t kShownOwnerDigits = 12;

HttpReply accepted() {
  return {202, {}, {}};
}

HttpReply preflight(const HttpAccess& access) {
  return {204,
          {{"Access-Control-Allow-Methods", "POST, OPTIONS"},
           {"Access-Control-Allow-Headers", allowed_headers(access)},
           {"Access-Control-Max-Age", "7200"}},
          {}};
}

HttpReply method_not_allowed() {
  HttpReply reply = http_error(405, "Method not allowed: POST your message");
  reply.headers.emplace_back("Allow", "POST, OPTIONS");
  return reply;
}

// The media type without parameters.
bool is_json(std::string_view content_type) {
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  return equals_ignoring_case(type.substr(0, type.find_last_not_of(" \t") + 1), "application/json");
}

// Several headers of one name are one list (RFC 9110 section 5.3), which repeats no body.
std::optional<std::string> header_text(const HttpRequest& request, std::string_view name) {
  std::optional<std::string> text;
  for (const auto& [header, value] : request.headers) {
    if (!equals_ignoring_case(header, name)) continue;
    text = (text ? *text + ", " : std::string()).append(trim_blanks(value));
  }
  return text;
}

mcp::HeaderMirror mirror_of(const HttpRequest& request) {
  return {header_text(request, "MCP-Protocol-Version"), header_text(request, "Mcp-Method"),
          header_text(request, "Mcp-Name"),
          [&request](std::string_view name) { return header_text(request, name); }};
}

int status_of(mcp::Fault fault) {
  switch (fault) {
    case mcp::Fault::none:
      return 200;
    case mcp::Fault::bad_request:
      return 400;
    case mcp::Fault::unknown_method:
      return 404;
  }
  return 200;
}

std::string_view word_for(mcp::Outcome outcome) {
  switch (outcome) {
    case mcp::Outcome::ok:
      return {};
    case mcp::Outcome::tool_error:
      return "tool_error";
    case mcp::Outcome::error:
      return "error";
  }
  return {};
}

HttpReply http_reply(mcp::Reply reply) {
  HttpReply answer = json_reply(status_of(reply.fault), std::move(reply.text));
  answer.outcome = word_for(reply.outcome);
  return answer;
}

// Versions are named by dates, 2026-07-28, which compare as text.
bool is_date(std::string_view text) {
  constexpr std::string_view kForm = "dddd-dd-dd";
  return std::equal(text.begin(), text.end(), kForm.begin(), kForm.end(), [](char c, char form) {
    return form == 'd' ? c >= '0' && c <= '9' : c == form;
  });
}

// Whether the version header alone puts a request into the per-request era.
bool is_per_request(std::string_view version) {
  return is_date(version) && version >= mcp::to_string(mcp::kPerRequestVersions.front());
}

bool has_claim(const jsonrpc::Message& message) {
  const auto* asked = std::get_if<jsonrpc::Request>(&message);
  return asked != nullptr && mcp::claims_version(asked->params);
}

// A request that the version header puts into the per-request era although its body does not say
// so: the body is what is wrong.
HttpReply refuse_bare_body(const jsonrpc::Message& message) {
  const auto* asked = std::get_if<jsonrpc::Request>(&message);
  const auto id = asked != nullptr ? std::optional(asked->id) : std::nullopt;
  if (asked != nullptr && asked->method == "initialize") {
    return http_error(
        400, "initialize belongs to versions before 2026-07-28, the header names a later one",
        Code::header_mismatch, id);
  }
  return http_error(400,
                    "_meta needs \"io.modelcontextprotocol/protocolVersion\" and "
                    "\"io.modelcontextprotocol/clientCapabilities\"",
                    Code::invalid_params, id);
}

HttpReply refused(const Admission::Refused& refusal) {
  using enum Admission::Refusal;
  const char* why =
      "The server has all the calls under way that it takes. This call was not run and nothing was "
      "spent: call again later.";
  if (refusal.why == owner_is_full) {
    why =
        "You have all the calls under way that one caller may have. This call was not run and "
        "nothing was spent: call again when one has ended.";
  } else if (refusal.why == owner_is_too_fast) {
    why =
        "You started as much paid work in the last minute as this server allows. This call was "
        "not run and nothing was spent: call again later.";
  }
  HttpReply reply =
      http_error(refusal.why == server_is_full ? 503 : 429, why, Code::internal_error);
  reply.headers.emplace_back("Retry-After", std::to_string(refusal.retry_after.count()));
  return reply;
}

template <class Step>
void add(const HttpHeaders& headers, Step& step) {
  step.headers.insert(step.headers.end(), headers.begin(), headers.end());
}

// The answers of a batch, and before them what was known at once, as one array.
HttpReply batch_reply(std::string array, const std::vector<mcp::Reply>& replies) {
  for (const mcp::Reply& reply : replies) array += (array.empty() ? "" : ",") + reply.text;
  return json_reply(200, "[" + array + "]");
}

}  // namespace

// One POST between its parts.
struct HttpFront::Post {
  const HttpRequest& request;
  mcp::Caller caller;
  bool may_only_read = false;
  std::string owner;  // base/owner.h
  mcp::Connection connection;
  HttpSessions::Membership member;
  bool may_stream = false;
  HttpSubject& subject;
};

HttpFront::HttpFront(const mcp::Server& server, HttpAccess access, Admission& admission,
                     std::shared_ptr<const base::SealKeys> seal_keys,
                     std::shared_ptr<KeptSessions> kept)
    : server_(server),
      access_(std::move(access)),
      admission_(admission),
      sessions_(std::move(seal_keys), std::move(kept)) {}

std::optional<HttpReply> HttpFront::refuse(const HttpRequest& head) const {
  auto reply = refuse_place(access_, head);
  if (reply) return reply;
  auto caller = judge_head(head);
  if (std::holds_alternative<HttpCaller>(caller)) return std::nullopt;
  reply = std::get<HttpReply>(std::move(caller));
  add(cors_headers(access_, head), *reply);
  return reply;
}

HttpAnswer HttpFront::serve(const HttpRequest& request) const {
  if (auto refused_place = refuse_place(access_, request)) return {*std::move(refused_place), {}};
  HttpAnswer answer;
  auto caller = judge_head(request);
  if (auto* refusal = std::get_if<HttpReply>(&caller)) {
    answer.step = std::move(*refusal);
  } else {
    auto& known = std::get<HttpCaller>(caller);
    Post post{request, std::move(known.caller), known.may_only_read, {}, {}, {},
              false,   answer.subject};
    const std::string& key = post.caller.credential;
    post.owner = request.owners != nullptr ? request.owners->id_of(key) : base::owner_id(key);
    answer.subject.owner = post.owner.substr(0, kShownOwnerDigits);
    answer.step = request.method == "POST" ? serve_post(std::move(post))
                                           : sessions_.serve(request, post.owner);
  }
  std::visit([&](auto& step) { add(cors_headers(access_, request), step); }, answer.step);
  return answer;
}

// Everything that must hold before the body is looked at, but for the place. A reply that is no
// refusal, to OPTIONS, ends the matter too.
std::variant<HttpCaller, HttpReply> HttpFront::judge_head(const HttpRequest& head) const {
  const std::string_view path = std::string_view(head.target).substr(0, head.target.find('?'));
  if (path != kPath) return http_error(404, "Nothing is here; the MCP endpoint is /mcp");
  if (head.method == "OPTIONS") return preflight(access_);
  // Without kept sessions there is no stream to open and no session to end: the answer that clients
  // of every version understand.
  const bool is_of_session = head.method == "GET" || head.method == "DELETE";
  if (head.method != "POST" && !(sessions_.keeps() && is_of_session)) return method_not_allowed();
  auto caller = identify(access_, head);
  if (is_of_session || std::holds_alternative<HttpReply>(caller)) return caller;
  if (!is_json(find_header(head.headers, "Content-Type").value)) {
    return http_error(415, "The Content-Type must be application/json");
  }
  return caller;
}

HttpStep HttpFront::serve_post(Post post) const {
  const HttpHeaders& headers = post.request.headers;
  const bool takes_stream = accepts(headers, "text/*", "text/event-stream");
  if (!takes_stream && !accepts(headers, "application/*", "application/json")) {
    return http_error(406, "Accept must allow application/json or text/event-stream");
  }
  post.may_stream = takes_stream && find_header(headers, "Accept").count > 0;
  auto parsed = jsonrpc::parse(post.request.body);
  if (auto* batch = std::get_if<jsonrpc::Batch>(&parsed)) {
    post.subject.method = "batch";
    if (auto refusal = choose_version(post, nullptr)) return *std::move(refusal);
    return serve_batch(std::move(post), std::move(*batch));
  }
  auto& message = std::get<jsonrpc::Message>(parsed);
  if (auto refusal = choose_version(post, &message)) return *std::move(refusal);
  return serve_message(std::move(post), std::move(message));
}

// Decides the era and, for the older one, the version (facts: the body first, headers second).
std::optional<HttpReply> HttpFront::choose_version(Post& post,
                                                   const jsonrpc::Message* message) const {
  const HeaderValue version = find_header(post.request.headers, "MCP-Protocol-Version");
  if (version.count > 1) return http_error(400, "A request has one MCP-Protocol-Version at most");
  if (message != nullptr && has_claim(*message)) {
    post.connection.headers = mirror_of(post.request);
    return std::nullopt;
  }
  if (version.count == 0) {
    post.connection.negotiated = kVersionWithoutHeader;
    return std::nullopt;
  }
  if (is_per_request(version.value)) {
    const bool is_request =
        message != nullptr && std::holds_alternative<jsonrpc::Request>(*message);
    if (message == nullptr || is_request) {
      return message != nullptr ? refuse_bare_body(*message)
                                : http_error(400, "This protocol version has no batches");
    }
    return std::nullopt;
  }
  const auto known = mcp::parse_version(version.value);
  if (!known) {
    return http_error(400,
                      "Unknown MCP-Protocol-Version; this server speaks 2024-11-05 to 2026-07-28");
  }
  post.connection.negotiated = *known;
  return std::nullopt;
}

// What the message is about, in words of ours.
void HttpFront::describe(const jsonrpc::Message& message, HttpSubject& subject) const {
  if (const auto* asked = std::get_if<jsonrpc::Request>(&message)) {
    subject.method = mcp::known_method(asked->method);
    const auto name = asked->params.find("name");
    if (asked->method != "tools/call" || name == asked->params.end() || !name->is_string()) return;
    const auto& tool = name->get_ref<const std::string&>();
    subject.tool = server_.has_tool(tool) ? tool : "other";
  } else if (const auto* told = std::get_if<jsonrpc::Notification>(&message)) {
    subject.method = mcp::known_method(told->method);
  }
}

HttpStep HttpFront::serve_message(Post post, jsonrpc::Message message) const {
  describe(message, post.subject);
  const bool is_per_request_era = post.connection.headers.has_value();
  const bool is_initialize = post.subject.method == "initialize";
  if (!is_per_request_era && is_initialize && sessions_.keeps()) {
    post.member = sessions_.begin(post.owner, post.connection);
  } else if (!is_per_request_era) {
    auto refusal = sessions_.resume(post.request, post.owner, post.member, post.connection);
    if (refusal) return *std::move(refusal);
  }
  mcp::Step step = server_.accept(std::move(message), post.connection, post.caller);
  if (post.member.kept) post.member.kept->set_connection(post.connection);
  if (auto* reply = std::get_if<mcp::Reply>(&step)) {
    HttpReply answer = http_reply(std::move(*reply));
    if (is_initialize) sessions_.name(post.member, post.owner, post.connection, answer);
    return answer;
  }
  forward(step, post);
  auto* work = std::get_if<mcp::Work>(&step);
  if (work == nullptr) return accepted();
  std::vector<mcp::Work> calls;
  calls.push_back(std::move(*work));
  return begin_calls(std::move(post), std::move(calls), [](std::vector<mcp::Reply> replies) {
    return http_reply(std::move(replies.front()));
  });
}

HttpStep HttpFront::serve_batch(Post post, jsonrpc::Batch batch) const {
  if (auto refusal = sessions_.resume(post.request, post.owner, post.member, post.connection)) {
    return *std::move(refusal);
  }
  if (const auto refusal = server_.refuse_batch(batch, post.connection)) {
    return json_reply(400, refusal->text);
  }
  std::string array;
  std::vector<mcp::Work> calls;
  for (jsonrpc::Message& message : batch) {
    mcp::Step step = server_.accept(std::move(message), post.connection, post.caller);
    forward(step, post);
    if (auto* reply = std::get_if<mcp::Reply>(&step)) {
      array += (array.empty() ? "" : ",") + reply->text;
    } else if (auto* work = std::get_if<mcp::Work>(&step)) {
      calls.push_back(std::move(*work));
    }
  }
  if (post.member.kept) post.member.kept->set_connection(post.connection);
  if (!calls.empty()) {
    return begin_calls(std::move(post), std::move(calls),
                       [array = std::move(array)](const std::vector<mcp::Reply>& replies) {
                         return batch_reply(array, replies);
                       });
  }
  return array.empty() ? accepted() : batch_reply(std::move(array), {});
}

// What a message says to calls under way: the answer to what they asked, or that one is to end.
void HttpFront::forward(mcp::Step& step, const Post& post) const {
  if (auto* answer = std::get_if<mcp::Answer>(&step)) {
    sessions_.answer(post.owner, std::move(*answer));
  }
  if (const auto* cancelled = std::get_if<mcp::Cancel>(&step); cancelled && post.member.session) {
    sessions_.cancel(*post.member.session, post.owner, cancelled->id);
  }
}

// The calls of one message; `print` makes the reply of their answers.
HttpStep HttpFront::begin_calls(Post post, std::vector<mcp::Work> calls, Print print) const {
  const auto paid_calls = static_cast<std::size_t>(std::count_if(
      calls.begin(), calls.end(), [](const mcp::Work& work) { return !work.is_read_only; }));
  if (post.may_only_read && paid_calls > 0) {
    return refuse_scope(access_,
                        calls.size() == 1 ? std::optional(calls.front().id) : std::nullopt);
  }
  auto ticket = admit(post.owner, paid_calls);
  if (auto* refusal = std::get_if<HttpReply>(&ticket)) return std::move(*refusal);
  const bool is_per_request_era = post.connection.headers.has_value();
  HttpWork work;
  work.may_stream = post.may_stream;
  if (!post.may_stream) work.unheard.request_stop();
  work.needs_stream = post.subject.method == "subscriptions/listen";
  work.ends_with_client = !post.member.kept && (is_per_request_era || paid_calls == 0);
  if (post.member.kept) work.writer = post.member.kept->begin_stream();
  work.run = [this, calls = std::move(calls), print = std::move(print),
              owner = std::move(post.owner), session = std::move(post.member.session),
              unheard = work.unheard.get_token(),
              ticket = std::get<Ticket>(std::move(ticket))](const mcp::RunContext& context) {
    return print(sessions_.run(calls, session, owner, unheard, context));
  };
  return work;
}

std::variant<HttpFront::Ticket, HttpReply> HttpFront::admit(const std::string& owner,
                                                            std::size_t paid_calls) const {
  auto entered = admission_.enter(owner, paid_calls);
  if (const auto* refusal = std::get_if<Admission::Refused>(&entered)) return refused(*refusal);
  return std::get<Ticket>(std::move(entered));
}

}  // namespace motion_mcp::transport
