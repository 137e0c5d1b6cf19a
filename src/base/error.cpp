#include "base/error.h"

namespace motion_mcp {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid_argument:
      return "invalid_argument";
    case ErrorKind::no_credential:
      return "no_credential";
    case ErrorKind::unauthenticated:
      return "unauthenticated";
    case ErrorKind::insufficient_credits:
      return "insufficient_credits";
    case ErrorKind::plan_required:
      return "plan_required";
    case ErrorKind::needs_approval:
      return "needs_approval";
    case ErrorKind::not_found:
      return "not_found";
    case ErrorKind::conflict:
      return "conflict";
    case ErrorKind::rate_limited:
      return "rate_limited";
    case ErrorKind::unavailable:
      return "unavailable";
    case ErrorKind::unreachable:
      return "unreachable";
    case ErrorKind::interrupted:
      return "interrupted";
    case ErrorKind::outcome_unknown:
      return "outcome_unknown";
    case ErrorKind::upstream_failure:
      return "upstream_failure";
    case ErrorKind::bad_response:
      return "bad_response";
    case ErrorKind::cancelled:
      return "cancelled";
    case ErrorKind::internal:
      return "internal";
  }
  return "internal";
}

}  // namespace motion_mcp
