#pragma once

// An answer that is not what was hoped for, taken apart once. What its parts mean is each service's
// own (motion/errors.h, mosaic/errors.h); whether a request was taken is not.

#include <chrono>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/json_value.h"
#include "net/http_client.h"

namespace motion_mcp::net {

struct Refusal {
  const HttpResponse& response;  // must outlive it
  bool is_json = false;
  Json body = nullptr;
  std::optional<std::chrono::seconds> retry_after = std::nullopt;  // from now (backoff.h)
};

// `now` is what a date in Retry-After is counted from when the answer has no Date.
Refusal take_apart(const HttpResponse& response, base::WallTime now);

// Whether the status of the answer to a POST says that it was not taken: 4xx except 408, a
// permanent redirect (301, 307, 308), and 503 with Retry-After; a 503 without may come from a
// gateway that lost the connection after it had passed the request on.
bool was_not_taken(const Refusal& refusal);

// `40 s`, or `a minute` when the answer does not say: how long to wait, in a sentence.
std::string wait_in_words(const Refusal& refusal);

}  // namespace motion_mcp::net
