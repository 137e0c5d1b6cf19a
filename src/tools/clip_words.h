#pragma once

// What to tell an agent about a run of Mosaic: where it stands, what to do now, when to look again.

#include <chrono>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "jobs/clip_view.h"
#include "tools/job_words.h"

namespace motion_mcp::tools {

JobWords clip_words(const jobs::ClipView& view, std::chrono::seconds max_wait);

// The call that waits for the run, as the beginning of a next step: no full stop at its end.
std::string clip_wait_step(std::string_view run_id, std::chrono::seconds max_wait);

// The argument `run_id`; empty when there is none.
std::string run_id_of(const Json& arguments);

// invalid_argument for what cannot be an id of Mosaic. They are UUIDs in every example, which the
// vendor does not promise.
Result<void> check_mosaic_id(std::string_view name, std::string_view id);

}  // namespace motion_mcp::tools
