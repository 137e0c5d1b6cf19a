#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace motion_mcp {

// What went wrong, as coarse as callers act on it. Translated in three places only: an HTTP status
// becomes a kind in motion/errors, a kind becomes wire text in tools/, an exit code in app/.
enum class ErrorKind {
  invalid_argument,      // the caller's input; nothing was sent
  no_credential,         // no key is configured, or it is malformed; nothing was sent
  unauthenticated,       // the service refused the key
  insufficient_credits,  // the account cannot pay
  plan_required,         // the account's plan lacks the feature
  needs_approval,        // a person has to agree first, or did not; nothing was sent
  not_found,             // unknown, or somebody else's
  conflict,              // the state of the job, or of this server, does not allow it
  rate_limited,          // refused for now; retry_after may say how long
  unavailable,           // the service said that it did not take the request
  unreachable,       // the request certainly never reached the service (DNS, connect, TLS, proxy)
  interrupted,       // the request may have reached the service, its answer did not reach us
  outcome_unknown,   // a paid request may have been taken: it must not be repeated
  upstream_failure,  // the service failed on a request that is free to repeat
  bad_response,      // the service's answer could not be understood
  cancelled,         // the caller no longer wants the answer
  internal,          // our own defect
};

std::string_view to_string(ErrorKind kind);

// Whether the failed call cost something. `unknown` is an answer too: it forbids a repeat.
enum class Spent { no, unknown };

struct Error {
  ErrorKind kind = ErrorKind::internal;
  // One clause without a final full stop: what failed. Never holds a secret.
  std::string message;
  // One sentence: what the reader does now. May be empty in the lower layers.
  std::string next_step = {};
  Spent spent = Spent::no;
  std::optional<std::chrono::seconds> retry_after = std::nullopt;
};

}  // namespace motion_mcp
