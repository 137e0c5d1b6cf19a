#include "mosaic/errors.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/quote.h"
#include "mosaic/key.h"
#include "net/json_answer.h"
#include "net/refusal.h"

namespace motion_mcp::mosaic {
namespace {

constexpr std::string_view kAddressStep =
    "Ask whoever runs this server to check MOSAIC_API_BASE_URL and the network; motion-mcp doctor "
    "shows what answers there.";

struct Refusal : net::Refusal {
  Call call;
};

Refusal take_apart(Call call, const net::HttpResponse& response, base::WallTime now) {
  return {net::take_apart(response, now), call};
}

bool is_post(Call call) {
  switch (call) {
    case Call::create_agent:
    case Call::add_node:
    case Call::start_run:
    case Call::cancel_run:
    case Call::resume_run:
      return true;
    default:
      return false;
  }
}

std::string_view tool_of(Call call) {
  switch (call) {
    case Call::read_run:
      return "get_clip_status";
    case Call::cancel_run:
      return "cancel_clip";
    case Call::resume_run:
      return "resume_clip";
    case Call::read_account:
      return "motion-mcp doctor";
    default:
      return "generate_clip";
  }
}

std::string call_again(Call call) {
  return (call == Call::read_account ? "run " : "call ") + std::string(tool_of(call)) + " again";
}

// `detail` is a text, or the validator's list of faults.
std::string detail_of(const Json& body) {
  const Json* detail = net::member(body, "detail");
  if (detail == nullptr || detail->is_null()) return {};
  if (detail->is_string()) return detail->get<std::string>();
  return detail->dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string describe(const Refusal& refusal) {
  std::string words = base::quote(detail_of(refusal.body));
  if (words.empty()) words = base::quote(net::text_at(refusal.body, "message"));
  if (words.empty()) words = base::quote(net::text_at(refusal.body, "error"));
  return net::describe_answer(refusal.response, refusal.is_json, words);
}

std::string with_answer(std::string_view what, const Refusal& refusal) {
  return std::string(what) + " (" + describe(refusal) + ")";
}

bool names(const Refusal& refusal, std::string_view code) {
  return net::text_at(refusal.body, "error") == code || net::text_at(refusal.body, "code") == code;
}

Error not_now(ErrorKind kind, std::string_view what, const Refusal& refusal) {
  return {kind, with_answer(what, refusal),
          "Wait " + net::wait_in_words(refusal) + ", then " + call_again(refusal.call) + ".",
          Spent::no, refusal.retry_after};
}

Error unauthenticated(const Refusal& refusal) {
  return {ErrorKind::unauthenticated, with_answer("Mosaic refused the key", refusal),
          check_key({}).error().next_step};
}

Error insufficient_credits(const Refusal& refusal) {
  return {
      ErrorKind::insufficient_credits,
      with_answer("the account has too few Mosaic credits", refusal),
      "Ask the owner of the account to add credits at https://mosaic.so (this server cannot buy "
      "them), then " +
          call_again(refusal.call) + "."};
}

// The codes are of the vendor's older pages; the newer ones name none for a 403.
Error forbidden(const Refusal& refusal) {
  if (names(refusal, "insufficient_credits")) return insufficient_credits(refusal);
  if (names(refusal, "concurrent_agent_limit")) {
    return not_now(ErrorKind::rate_limited, "the account has as many runs under way as it may",
                   refusal);
  }
  if (refusal.is_json) return unauthenticated(refusal);
  return {ErrorKind::bad_response,
          with_answer("something before Mosaic refused the request", refusal),
          std::string(kAddressStep)};
}

Error not_found(const Refusal& refusal) {
  const bool names_nothing =
      refusal.call == Call::create_agent || refusal.call == Call::read_account;
  if (names_nothing || !refusal.is_json) {
    return {ErrorKind::bad_response, with_answer("there is no Mosaic API at this address", refusal),
            std::string(kAddressStep)};
  }
  const bool is_run = refusal.call == Call::read_run || refusal.call == Call::cancel_run ||
                      refusal.call == Call::resume_run;
  const std::string what = is_run ? "run" : "agent";
  return {
      ErrorKind::not_found,
      with_answer("no such " + what + " for this key: it is unknown or another account's", refusal),
      "Check the " + what + "_id, and that the key belongs to the account that made it."};
}

Error conflict(const Refusal& refusal) {
  if (refusal.call == Call::resume_run) {
    return {
        ErrorKind::conflict,
        with_answer("only a run that failed or was cancelled can be resumed", refusal),
        "Call get_clip_status to see where it stands; while it runs there is nothing to "
        "resume, and of a completed or partly completed one what came of it is in its outputs."};
  }
  return {ErrorKind::conflict, with_answer("the run's state does not allow this", refusal),
          "Call get_clip_status to see where it stands."};
}

Error outcome_unknown(Call call, std::string what) {
  switch (call) {
    case Call::start_run:
      return {ErrorKind::outcome_unknown, std::move(what) + ", so the clip may have been started",
              "Call generate_clip again with the same arguments in a minute: it first looks "
              "whether the run was started, and starts another only if it was not.",
              Spent::unknown};
    case Call::cancel_run:
    case Call::resume_run:
      return {ErrorKind::outcome_unknown, std::move(what),
              "Call get_clip_status to see whether it took effect; if not, " + call_again(call) +
                  ", which costs nothing."};
    default:
      return {ErrorKind::outcome_unknown, std::move(what), call_again(call) + "."};
  }
}

std::string read_again(Call call) {
  std::string step = call_again(call);
  step.front() = static_cast<char>(step.front() - 'a' + 'A');
  return "Reading costs nothing. " + step + ".";
}

Error error_of(const Refusal& refusal) {
  const int status = refusal.response.status;
  // What costs nothing may be sent to another address.
  const bool is_misdirected = status / 100 == 3 && refusal.call != Call::start_run;
  if (is_post(refusal.call) && !net::was_not_taken(refusal) && !is_misdirected) {
    return outcome_unknown(refusal.call,
                           with_answer("Mosaic failed after the request was sent", refusal));
  }
  switch (status) {
    case 400:
    case 413:
    case 422:
      return {ErrorKind::invalid_argument, with_answer("Mosaic found the request invalid", refusal),
              "Correct the arguments, then " + call_again(refusal.call) + "."};
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
      return not_now(ErrorKind::rate_limited, "Mosaic gets too many requests", refusal);
    case 502:
    case 503:
    case 504:
      return not_now(ErrorKind::unavailable, "Mosaic takes no requests for now", refusal);
    default:
      break;
  }
  if (status / 100 == 3) {
    return {ErrorKind::bad_response,
            "Mosaic's address answers with a redirect (" + std::to_string(status) +
                "), which is not followed with a key",
            std::string(kAddressStep)};
  }
  if (status / 100 == 4 && status != 408) {
    return {ErrorKind::bad_response, with_answer("Mosaic refused the request", refusal),
            std::string(kAddressStep)};
  }
  return {ErrorKind::upstream_failure, with_answer("Mosaic failed", refusal),
          read_again(refusal.call)};
}

}  // namespace

Error error_of_answer(Call call, const net::HttpResponse& response, base::WallTime now) {
  return error_of(take_apart(call, response, now));
}

Error error_of_unreadable(Call call, const net::HttpResponse& response) {
  std::string what =
      with_answer("the answer of Mosaic cannot be understood", take_apart(call, response, {}));
  if (is_post(call)) return outcome_unknown(call, std::move(what));
  return {ErrorKind::bad_response, std::move(what), read_again(call)};
}

Error error_of_silence(Call call, Error error) {
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
      if (!is_post(call)) return error;
      error.next_step = outcome_unknown(call, {}).next_step;
      if (call == Call::start_run) error.spent = Spent::unknown;
      return error;
    default:
      break;
  }
  if (is_post(call)) return outcome_unknown(call, std::move(error.message));
  error.next_step = read_again(call);
  return error;
}

}  // namespace motion_mcp::mosaic
