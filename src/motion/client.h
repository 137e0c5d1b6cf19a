#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "motion/errors.h"
#include "motion/types.h"
#include "net/http_client.h"

namespace motion_mcp::motion {

inline constexpr std::string_view kDefaultBaseUrl = "https://api.motion.so/api/motion";
// Where its finished videos come from (seed 000, "Poll job status").
inline constexpr std::string_view kDefaultMediaOrigin = "https://storage.googleapis.com";

// The three calls of the Motion API. Thread-safe; `http` and `clock` must outlive it.
//
// Every error says what happened in the vendor's terms, whether money was spent and what to do, in
// words meant for an agent (errors.h). Text of the service is quoted, bounded and never HTML.
//
// create and followup send their POST at most once unless it certainly was not taken: a repeat
// follows only unreachable, 429, and 503 with Retry-After (design decision 6), at most three times,
// jittered, and begins within 10 s of the first. get is repeated so on unreachable, interrupted,
// 429, 502, 503 and 504, within its deadline. Retry-After is waited for when it fits, and returned
// as retry_after when not. Any other failure after a POST began is outcome_unknown.
//
// `stop` ends a get at any time. Of create and followup it ends only what goes before a POST: one
// under way is seen through though nobody waits for it any more, because its answer is the only
// place that names the job. `ending` (the process ends) breaks it off: `cancelled`, with
// Spent::unknown.
//
// A key that is none, or a job_id that cannot be one, fails before anything is sent.
class Client {
 public:
  struct Options {
    std::string base_url{kDefaultBaseUrl};
    std::chrono::seconds get_deadline{25};
    std::chrono::seconds post_deadline{45};
    // What is said to who has no key, where more is known of it than that there is none.
    std::optional<Error> no_key = std::nullopt;
  };

  Client(net::HttpClient& http, const base::Clock& clock, Options options);

  // no_credential when the calls below would refuse the key unsent.
  [[nodiscard]] Result<void> check_key(std::string_view api_key) const;

  Result<Started> create(std::string_view api_key, const VideoBrief& brief,
                         const std::stop_token& stop, const std::stop_token& ending = {}) const;
  Result<Started> followup(std::string_view api_key, std::string_view job_id,
                           const VideoBrief& brief, const std::stop_token& stop,
                           const std::stop_token& ending = {}) const;
  Result<Job> get(std::string_view api_key, std::string_view job_id,
                  const std::stop_token& stop) const;
  // get with a single request, for who comes back anyway; within `at_most`, too.
  Result<Job> get_once(std::string_view api_key, std::string_view job_id,
                       const std::stop_token& stop,
                       std::chrono::seconds at_most = std::chrono::seconds::max()) const;

 private:
  Result<Job> read(std::string_view api_key, std::string_view job_id, int max_attempts,
                   std::chrono::seconds time_allowed, const std::stop_token& stop) const;
  Result<Started> start(Call call, std::string_view api_key, const std::string& path,
                        const VideoBrief& brief, const std::stop_token& stop,
                        const std::stop_token& ending) const;

  net::HttpClient& http_;
  const base::Clock& clock_;
  Options options_;
};

}  // namespace motion_mcp::motion
