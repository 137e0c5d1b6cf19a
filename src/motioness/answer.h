#pragma once

// What the proxy says of an asset, and what it means when it does not do what was asked, in words
// for an agent. Sources: seed 003 "Responses"; docs.motioness.com reference/response-headers,
// guides/errors-and-retries and guides/sse-streaming; RFC 9110 section 15 for the rest.

#include <chrono>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "net/http_client.h"
#include "net/sse_parser.h"

namespace motion_mcp::motioness {

// The answer to a GET of a link. Texts are the service's: base::quote makes them fit to show.
struct Asset {
  bool is_ready = false;   // 200: the bytes are there
  std::string id;          // X-Motioness-Asset-Id; a poster's answer has none
  std::string stage;       // X-Motioness-Stage: queued, vision, stage1, stage2, merge, ready
  std::string loop;        // X-Motioness-Loop: native or crossfade
  std::string request_id;  // X-Request-Id
  std::optional<std::chrono::milliseconds> eta = {};
  std::optional<std::chrono::seconds> retry_after = {};
};

// 200 with a video or a picture, or 202. Otherwise the error; `spent` is unknown for bad_response
// of a 200 and for `unavailable`, and no for what was refused.
//
//   400 413 415, 403 "origin not in allowlist"   invalid_argument
//   403 otherwise                                unauthenticated
//   404                                          not_found
//   429 with "limit reached" or "overage"        plan_required: waiting does not help
//   429 otherwise                                rate_limited, with retry_after
//   502 "last generation failed"                 conflict: it failed for good
//   5xx otherwise                                unavailable
//   anything else                                bad_response
Result<Asset> read_answer(const net::HttpResponse& response, base::WallTime now);

// For a GET without an answer. Repeating it is free: the same URL is the same asset.
Error error_of_silence(Error error);

// An event of /events/{assetId}. Unknown types are kept.
struct AssetEvent {
  std::string type;
  std::string stage = {};
  std::string error_code = {};
  std::string error_message = {};

  // ready, failed and cancelled: nothing follows (concepts/asset-lifecycle).
  [[nodiscard]] bool is_last() const;
};
AssetEvent read_event(const net::SseEvent& event);

// What an event or a stage means, in a sentence for people; an unknown one is quoted.
std::string words_for_event(const AssetEvent& event);
std::string words_for_stage(const std::string& stage);

}  // namespace motion_mcp::motioness
