// Requests to the sandbox, which stands on a network as the vendor does. Tries to have a brief
// taken whose rules are broken, to be charged twice, and to get an answer that is no HTTP.
//
// The bytes are a request_text.h. In its target $JOB stands for a job that is finished, $LINK for
// the signed link to its file.
#include <algorithm>
#include <array>
#include <chrono>

#include "base/json_value.h"
#include "fakes/manual_clock.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/request_text.h"
#include "sandbox/sandbox.h"
#include "sandbox/validation.h"

namespace motion_mcp::fuzz {
namespace {

constexpr std::array kStatuses = {200, 202, 206, 400, 401, 402, 403, 404,
                                  405, 409, 416, 429, 500, 502, 503};
constexpr std::string_view kSessions = "/api/motion/sessions";

std::optional<std::string> header(const RequestText& text, std::string_view name) {
  const auto found = std::find_if(text.headers.begin(), text.headers.end(),
                                  [&](const auto& each) { return each.first == name; });
  if (found == text.headers.end()) return std::nullopt;
  return found->second;
}

void replace(std::string& text, std::string_view word, std::string_view by) {
  const std::size_t at = text.find(word);
  if (at != std::string::npos) text.replace(at, word.size(), by);
}

class Service {
 public:
  Service() {
    sandbox::Request create = request("POST", std::string(kSessions));
    create.body = R"({"prompt":"x","attachments":[{"url":"https://a.example/logo.png"}]})";
    job_ = Json::parse(sandbox_.handle(create).body).at("job_id");
    clock_.advance(std::chrono::minutes(10));
    const sandbox::Reply status =
        sandbox_.handle(request("GET", std::string(kSessions) + "/" + job_));
    link_ = Json::parse(status.body).at("output").at("download_url");
    link_.erase(0, std::string_view("http://sandbox.test").size());
  }

  void take(RequestText text) {
    replace(text.target, "$JOB", job_);
    replace(text.target, "$LINK", link_);
    sandbox::Request asked = request(text.method, text.target);
    asked.authorization = header(text, "Authorization").value_or(*asked.authorization);
    if (text.target.starts_with("/_sandbox/")) asked.authorization = header(text, "Authorization");
    asked.content_type = header(text, "Content-Type").value_or(*asked.content_type);
    asked.host = header(text, "Host");
    asked.range = header(text, "Range");
    asked.if_range = header(text, "If-Range");
    asked.body = text.body;

    const std::size_t charges = count_charges();
    const sandbox::Reply reply = sandbox_.handle(asked);
    check(reply);
    require(count_charges() <= charges + 1, "a request is charged once", reply.body);
    if (reply.status == 202) check_brief(asked);
  }

 private:
  static sandbox::Request request(std::string method, std::string target) {
    return {std::move(method),
            std::move(target),
            "Bearer motion_key",
            "application/json",
            "sandbox.test",
            std::nullopt,
            ""};
  }

  std::size_t count_charges() {
    const Json ledger = Json::parse(sandbox_.handle(request("GET", "/_sandbox/ledger")).body);
    return ledger.at("charges").size();
  }

  static void check(const sandbox::Reply& reply) {
    require(std::find(kStatuses.begin(), kStatuses.end(), reply.status) != kStatuses.end(),
            "the status is one of the vendor's", std::to_string(reply.status));
    for (const auto& [name, value] : reply.headers) {
      require(value.find_first_of("\r\n") == std::string::npos, "a header is on one line", value);
    }
    if (reply.content_type.starts_with("application/json")) {
      require(Json::accept(reply.body), "an answer is JSON", reply.body);
    }
  }

  // A body of another type counts as {}, which is refused, so that what was taken is JSON.
  static void check_brief(const sandbox::Request& asked) {
    const Json brief = Json::parse(asked.body, nullptr, /*allow_exceptions=*/false);
    require(brief.is_object() && sandbox::issues_of(brief).empty(), "what is taken keeps the rules",
            asked.body);
    require(brief.at("prompt").is_string(), "what is taken has a prompt", asked.body);
  }

  fakes::ManualClock clock_;
  sandbox::Sandbox sandbox_{clock_, 1, "http://127.0.0.1:1"};
  std::string job_;
  std::string link_;
};

}  // namespace

void try_bytes(std::string_view bytes) {
  Service().take(read_request_text(bytes));
}

}  // namespace motion_mcp::fuzz
