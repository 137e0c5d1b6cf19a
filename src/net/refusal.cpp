#include "net/refusal.h"

#include <utility>

#include "net/backoff.h"
#include "net/json_answer.h"

namespace motion_mcp::net {

Refusal take_apart(const HttpResponse& response, base::WallTime now) {
  Refusal refusal{response};
  if (auto body = parse_answer(response.body)) {
    refusal.is_json = true;
    refusal.body = *std::move(body);
  }
  refusal.retry_after = retry_after_of(response.headers, now);
  return refusal;
}

bool was_not_taken(const Refusal& refusal) {
  switch (refusal.response.status) {
    case 301:
    case 307:
    case 308:
      return true;
    case 408:
      return false;
    case 503:
      return refusal.retry_after.has_value();
    default:
      return refusal.response.status / 100 == 4;
  }
}

std::string wait_in_words(const Refusal& refusal) {
  return refusal.retry_after ? std::to_string(refusal.retry_after->count()) + " s" : "a minute";
}

}  // namespace motion_mcp::net
