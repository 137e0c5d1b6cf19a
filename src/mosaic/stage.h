#pragma once

#include <string_view>

#include "mosaic/types.h"

namespace motion_mcp::mosaic {

enum class Stage {
  running,    // also a word this program does not know, and completed before an output shows
  blocked,    // waits for credits: nothing moves until the account has some
  ready,      // completed, and every clip can be fetched
  partial,    // ended with some nodes failed, and at least one clip can be fetched
  failed,     // ended without a clip
  cancelled,  // ended by cancel_clip or in the Mosaic app
};

// By `status` (running, completed, partial_complete, failed, cancelled;
// docs.mosaic.so/api/agent-runs/get-agent-run), `needs_credits` and what can be fetched.
Stage stage_of(const Run& run);

// No later read of the run will show another stage, unless somebody acts.
bool is_settled(Stage stage);

// Whether a clip can be fetched.
bool has_clip(Stage stage);

}  // namespace motion_mcp::mosaic
