// Requests to the HTTP transport's rules, in both eras, with sealed sessions and with kept ones.
// Tries to get a reply that is no HTTP or no JSON-RPC, and an answer to something else than the
// request.
//
// The bytes are a request_text.h; a Host and a key are added when it has none. A target that ends
// in
// "#kept" goes to the front that keeps its sessions.
#include <algorithm>
#include <array>
#include <stop_token>

#include "fuzz/answers.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/request_text.h"
#include "fuzz/toy_server.h"
#include "transport/http_front.h"
#include "transport/http_text.h"

namespace motion_mcp::fuzz {
namespace {

constexpr std::string_view kHost = "127.0.0.1:8391";
constexpr std::string_view kPage = "https://claude.ai";
constexpr std::string_view kKeep = "#kept";
constexpr std::array kStatuses = {200, 202, 204, 400, 401, 403, 404, 405, 406, 413, 415, 429, 503};

struct Fronts {
  ToyServer toys;
  transport::Admission admission{{}, toys.clock};
  std::shared_ptr<const base::SealKeys> keys = std::make_shared<const base::SealKeys>(
      *base::SealKeys::make({std::string(base::kSealKeyBytes, 'k')}));
  const transport::HttpAccess access{{std::string(kHost)}, {std::string(kPage)}, "", ""};
  transport::HttpFront sealed{toys.server, access, admission, keys};
  transport::HttpFront kept{
      toys.server, access, admission, keys,
      std::make_shared<transport::KeptSessions>(transport::KeptSessions::Limits{}, toys.clock)};
};

void add_missing(transport::HttpHeaders& headers, std::string_view name, std::string_view value) {
  if (transport::find_header(headers, name).count == 0) headers.emplace_back(name, value);
}

void check_head(const transport::HttpReply& reply) {
  require(std::find(kStatuses.begin(), kStatuses.end(), reply.status) != kStatuses.end(),
          "the status is one that the transport has", std::to_string(reply.status));
  for (const auto& [name, value] : reply.headers) {
    for (const char c : name + value) {
      require(c >= ' ' && c != '\x7F', "a header is printable", name + ": " + value);
    }
  }
}

// `due` is what a single message is due; nullopt for a batch.
void check_reply(const transport::HttpReply& reply, const std::optional<Due>& due) {
  check_head(reply);
  const bool has_type = transport::find_header(reply.headers, "Content-Type").count == 1;
  require(has_type == !reply.body.empty(), "a body has a type, and no body none", reply.body);
  if (reply.body.empty()) {
    require(!due || !due->is_answered || reply.status != 202, "a request is not waved through");
    return;
  }
  const Json body = require_json_line(reply.body);
  if (body.is_array()) return require(!due, "only a batch is answered with an array", reply.body);
  // What HTTP refuses, it may refuse before it has read the id.
  const bool has_id = body.contains("id") && !body["id"].is_null();
  if (reply.status == 200 && due) return require_response(body, *due);
  require_response(body, {true, has_id ? std::optional(body["id"].dump()) : std::nullopt});
  if (has_id && due) require_response(body, *due);
}

}  // namespace

void try_bytes(std::string_view bytes) {
  RequestText text = read_request_text(bytes);
  Fronts fronts;
  const bool is_kept = text.target.ends_with(kKeep);
  if (is_kept) text.target.resize(text.target.size() - kKeep.size());
  add_missing(text.headers, "Host", kHost);
  add_missing(text.headers, "Authorization", "Bearer motion_0123456789abcdef");
  add_missing(text.headers, "Content-Type", "application/json");

  const transport::HttpFront& front = is_kept ? fronts.kept : fronts.sealed;
  const transport::HttpRequest request{text.method, text.target, text.headers, text.body};
  const auto refused = front.refuse({request.method, request.target, request.headers, ""});
  transport::HttpAnswer answer = front.serve(request);
  if (refused) {
    check_head(*refused);
    const auto* reply = std::get_if<transport::HttpReply>(&answer.step);
    require(reply != nullptr && reply->status == refused->status,
            "what the head deserves, the request gets", refused->body);
  }

  const auto parsed = jsonrpc::parse(request.body);
  const auto* message = std::get_if<jsonrpc::Message>(&parsed);
  const auto due = message != nullptr ? std::optional(due_for(*message)) : std::nullopt;
  if (const auto* reply = std::get_if<transport::HttpReply>(&answer.step)) {
    return check_reply(*reply, due);
  }
  const auto& work = std::get<transport::HttpWork>(answer.step);
  std::stop_source stop;
  stop.request_stop();  // a subscription and a kept stream go on until then
  const bool is_written = work.writer != nullptr;
  mcp::RunContext context{stop.get_token(), [is_written](std::string_view sent) {
                            if (!is_written) require_notification(sent);
                          }};
  const transport::HttpReply reply = work.run(context);
  if (request.method == "POST") check_reply(reply, due);
}

}  // namespace motion_mcp::fuzz
