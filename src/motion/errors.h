#pragma once

// What it means when the Motion API does not do what was asked, in words for an agent: `message`
// says what happened, `next_step` the one thing to do, `spent` whether money may be gone. Sources:
// seed 001 "Errors" (400, 401, 402, 404, 409), the vendor's guides/errors (500: "could not be
// created or read"), RFC 9110 section 15 (the rest).

#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "net/http_client.h"

namespace motion_mcp::motion {

// create and followup are POSTs that start paid work; get only reads.
enum class Call { create, followup, get };

// no_credential when `api_key` is empty or cannot be a Motion key (seed 001: they start with
// motion_), so that another service's key is never sent to this one.
Result<void> check_key(std::string_view api_key);

// For an answer whose status is not 2xx. `now` is what a date in Retry-After is counted from.
//
// A POST that was certainly not taken (net/refusal.h) is refused; after any other status its
// outcome is unknown.
Error error_of_answer(Call call, const net::HttpResponse& response, base::WallTime now);

// For a 2xx answer that cannot be read.
Error error_of_unreadable(Call call, const net::HttpResponse& response);

// For a request without an answer. `error` is what net/ said; its message and advice are kept.
Error error_of_silence(Call call, Error error);

}  // namespace motion_mcp::motion
