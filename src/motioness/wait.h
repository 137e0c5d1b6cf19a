#pragma once

// Waiting for an asset in the thread of a call, with its stages as they come.

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "motioness/client.h"

namespace motion_mcp::motioness {

// However the events say that it goes on, the asset is looked at anew after this long: an event may
// have been sent before anybody listened.
inline constexpr std::chrono::seconds kLookAgainAfter{15};

struct WaitEnd {
  Asset asset;             // as last seen
  bool timed_out = false;  // the wait ended before the asset was ready
};

// Told what there is to say, on the thread of the wait.
using StageSink = std::function<void(const std::string& words)>;

// Blocks until the asset is ready, until `deadline` at most, through whatever failures may pass.
// `seen` is what a GET of the link said: an asset that is not ready. Where the service has no event
// stream, looks alone do. Errors: a refusal or a failure that is final; `cancelled` on `stop`. The
// generation itself is never touched.
Result<WaitEnd> wait_for_asset(const Client& client, const base::Clock& clock,
                               const Project& project, const Link& link, Asset seen,
                               base::SteadyTime deadline, const std::stop_token& stop,
                               const StageSink& on_stage);

}  // namespace motion_mcp::motioness
