#pragma once

// What it means when Mosaic does not do what was asked, in words for an agent (see
// motion/errors.h). Sources: the vendor's error table ({detail, error}; 400, 401, 403, 404, 422,
// 429, 500), docs.mosaic.so on resume (409), RFC 9110 section 15 (the rest).

#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "net/http_client.h"

namespace motion_mcp::mosaic {

// Of these only start_run starts paid work.
enum class Call {
  create_agent,
  add_node,
  read_agent,
  list_runs,
  start_run,
  read_run,
  cancel_run,
  resume_run,
  read_account,
};

// For an answer whose status is not 2xx. `now` is what a date in Retry-After is counted from.
//
// Whether a POST was taken is judged by net/refusal.h. One whose outcome is unknown is
// outcome_unknown, with Spent::unknown when it was start_run and Spent::no for the others.
Error error_of_answer(Call call, const net::HttpResponse& response, base::WallTime now);

// For a 2xx answer that cannot be read.
Error error_of_unreadable(Call call, const net::HttpResponse& response);

// For a request without an answer. `error` is what net/ said; its message and advice are kept.
Error error_of_silence(Call call, Error error);

}  // namespace motion_mcp::mosaic
