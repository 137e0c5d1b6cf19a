#include "motion/errors.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/quote.h"
#include "base/text.h"
#include "motion/issues.h"
#include "net/json_answer.h"
#include "net/refusal.h"

namespace motion_mcp::motion {
namespace {

constexpr std::string_view kKeyStep =
    "Make a key in the Motion app (https://motion.so) under Settings -> AI Agent and give it to "
    "this "
    "server as MOTION_API_KEY, or over HTTP as the bearer token.";
constexpr std::string_view kAddressStep =
    "Ask whoever runs this server to check MOTION_API_BASE_URL and the network; motion-mcp doctor "
    "shows what answers there.";

struct Refusal : net::Refusal {
  Call call;
};

Refusal take_apart(Call call, const net::HttpResponse& response, base::WallTime now) {
  return {net::take_apart(response, now), call};
}

std::string_view tool_of(Call call) {
  switch (call) {
    case Call::create:
      return "create_video";
    case Call::followup:
      return "followup_video";
    case Call::get:
      return "get_video_status";
  }
  return "";
}

std::string call_again(Call call) {
  return "call " + std::string(tool_of(call)) + " again";
}

// Seen as `error` and as `code`; its HTTP status is not documented.
bool needs_plan(const Refusal& refusal) {
  constexpr std::string_view kName = "motion_pro_feature_required";
  return net::text_at(refusal.body, "error") == kName ||
         net::text_at(refusal.body, "code") == kName;
}

// `502, text/html instead of JSON`, `401: "what the service said"`.
std::string describe(const Refusal& refusal) {
  std::string words = base::quote(net::text_at(refusal.body, "message"));
  if (words.empty() && !needs_plan(refusal)) {
    words = base::quote(net::text_at(refusal.body, "error"));
  }
  return net::describe_answer(refusal.response, refusal.is_json, words);
}

std::string with_answer(std::string_view what, const Refusal& refusal) {
  return std::string(what) + " (" + describe(refusal) + ")";
}

// --- refusals ------------------------------------------------------------------------------------

Error invalid(const Refusal& refusal) {
  const std::string issues = describe_issues(refusal.body);
  return {ErrorKind::invalid_argument,
          issues.empty() ? with_answer("the Motion API found the request invalid", refusal)
                         : "the Motion API found the request invalid: " + issues,
          "Correct the arguments, then " + call_again(refusal.call) + "."};
}

Error unauthenticated(const Refusal& refusal) {
  return {ErrorKind::unauthenticated, with_answer("the Motion API refused the key", refusal),
          std::string(kKeyStep)};
}

Error insufficient_credits(const Refusal& refusal) {
  const auto minimum = net::number_at(refusal.body, "minimum_required_credits");
  const auto balance = net::number_at(refusal.body, "current_balance");
  std::string what = "the account has too few Motion credits";
  if (balance) what = "the account has " + *balance + " Motion credits";
  if (minimum) what += " and needs at least " + *minimum;
  return {ErrorKind::insufficient_credits, with_answer(what, refusal),
          "Ask the owner of the account to add credits at https://motion.so (the API cannot buy "
          "them), then " +
              call_again(refusal.call) + "."};
}

Error plan_required(const Refusal& refusal) {
  return {ErrorKind::plan_required,
          with_answer("design_system_id and design_md need a Motion Pro or Max plan", refusal),
          "Leave out design_system_id and design_md, put the design rules into the prompt, and " +
              call_again(refusal.call) + "."};
}

Error forbidden(const Refusal& refusal) {
  if (refusal.is_json) return unauthenticated(refusal);
  return {ErrorKind::bad_response,
          with_answer("something before the Motion API refused the request", refusal),
          std::string(kAddressStep)};
}

Error not_found(const Refusal& refusal) {
  if (refusal.call == Call::create || !refusal.is_json) {
    return {ErrorKind::bad_response, with_answer("there is no Motion API at this address", refusal),
            std::string(kAddressStep)};
  }
  return {ErrorKind::not_found,
          with_answer("no such job for this key: the job is unknown or another account's, the "
                      "Motion API does not say which",
                      refusal),
          "Check the job_id, and that the key belongs to the account that made the job."};
}

Error refused(const Refusal& refusal) {
  return {ErrorKind::bad_response, with_answer("the Motion API refused the request", refusal),
          std::string(kAddressStep)};
}

Error conflict(const Refusal& refusal) {
  if (refusal.call != Call::followup) return refused(refusal);
  constexpr std::size_t kMaxStatusCodePoints = 40;
  const std::string_view status = net::text_at(refusal.body, "status");
  const std::string quoted = base::quote(status, kMaxStatusCodePoints);
  Error error{ErrorKind::conflict, with_answer("a followup needs a completed job, this one is " +
                                                   (quoted.empty() ? "not completed" : quoted),
                                               refusal)};
  if (status == "failed") {
    error.next_step = "A failed job takes no followup; create_video would start a new paid one.";
  } else if (status == "awaiting_user_input") {
    error.next_step =
        "The job waits for a person to answer it at https://motion.so; follow up once it is "
        "completed.";
  } else {
    error.next_step = "Wait with get_video_status until the job is completed, then " +
                      call_again(refusal.call) + ".";
  }
  return error;
}

Error redirected(const Refusal& refusal) {
  return {ErrorKind::bad_response,
          "the Motion API's address answers with a redirect (" +
              std::to_string(refusal.response.status) + "), which is not followed with a key",
          std::string(kAddressStep)};
}

// --- not now, or not known -----------------------------------------------------------------------

Error not_now(ErrorKind kind, std::string_view what, const Refusal& refusal) {
  return {kind, with_answer(what, refusal),
          "Wait " + net::wait_in_words(refusal) + ", then " + call_again(refusal.call) + ".",
          Spent::no, refusal.retry_after};
}

Error outcome_unknown(Call call, std::string what) {
  if (call == Call::followup) {
    return {
        ErrorKind::outcome_unknown, std::move(what) + ", so the followup may have been started",
        "Do not repeat the followup: call get_video_status for this job, and follow up again, with "
        "allow_duplicate=true, only if that still shows the video from before after two minutes.",
        Spent::unknown};
  }
  return {ErrorKind::outcome_unknown, std::move(what) + ", so the video may have been started",
          "Do not call create_video again for this video: look at https://motion.so, and start it "
          "again, with allow_duplicate=true, only if it is not there.",
          Spent::unknown};
}

std::string read_again() {
  return "Reading costs nothing: " + call_again(Call::get) + ".";
}

Error error_of(const Refusal& refusal) {
  const int status = refusal.response.status;
  if (status >= 400 && needs_plan(refusal)) return plan_required(refusal);
  if (refusal.call != Call::get && !net::was_not_taken(refusal)) {
    return outcome_unknown(
        refusal.call, with_answer("the Motion API failed after the request was sent", refusal));
  }
  switch (status) {
    case 400:
    case 413:
    case 422:
      return invalid(refusal);
    case 401:
      return unauthenticated(refusal);
    case 402:
      return insufficient_credits(refusal);
    case 403:
      return forbidden(refusal);
    case 404:
      return not_found(refusal);
    case 409:
      return conflict(refusal);
    case 429:
      return not_now(ErrorKind::rate_limited, "the Motion API gets too many requests", refusal);
    case 502:
    case 503:
    case 504:
      return not_now(ErrorKind::unavailable, "the Motion API takes no requests for now", refusal);
    default:
      break;
  }
  if (status / 100 == 3) return redirected(refusal);
  if (status / 100 == 4 && status != 408) return refused(refusal);
  return {ErrorKind::upstream_failure, with_answer("the Motion API failed", refusal), read_again()};
}

}  // namespace

Result<void> check_key(std::string_view api_key) {
  if (api_key.empty()) {
    return Error{ErrorKind::no_credential, "no Motion API key is set", std::string(kKeyStep)};
  }
  const bool is_sendable =
      std::all_of(api_key.begin(), api_key.end(), [](char c) { return c > ' ' && c < '\x7F'; });
  if (!is_sendable || !api_key.starts_with("motion_")) {
    return Error{
        ErrorKind::no_credential,
        "the key that is set is not a Motion API key: those start with motion_ and have no "
        "spaces",
        std::string(kKeyStep)};
  }
  return {};
}

Error error_of_answer(Call call, const net::HttpResponse& response, base::WallTime now) {
  return error_of(take_apart(call, response, now));
}

Error error_of_unreadable(Call call, const net::HttpResponse& response) {
  std::string what = with_answer("the answer of the Motion API cannot be understood",
                                 take_apart(call, response, {}));
  if (call != Call::get) return outcome_unknown(call, std::move(what));
  return {ErrorKind::bad_response, std::move(what), read_again()};
}

Error error_of_silence(Call call, Error error) {
  const bool is_post = call != Call::get;
  switch (error.kind) {
    case ErrorKind::unreachable:
      if (error.next_step.empty()) {
        error.next_step = "Check the network; motion-mcp doctor says what is wrong.";
      }
      error.next_step += " Nothing was sent, so after that " + call_again(call) + ".";
      return error;
    case ErrorKind::invalid_argument:  // the address or the key cannot be put into a request
      error.next_step = kAddressStep;
      return error;
    case ErrorKind::cancelled:
      if (!is_post) return error;
      error.next_step = outcome_unknown(call, {}).next_step;
      error.spent = Spent::unknown;
      return error;
    default:
      break;
  }
  if (is_post) return outcome_unknown(call, std::move(error.message));
  error.next_step = read_again();
  return error;
}

}  // namespace motion_mcp::motion
