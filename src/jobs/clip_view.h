#pragma once

// A run of Mosaic as it stands for its owner.

#include <string_view>

#include "jobs/ledger.h"
#include "mosaic/stage.h"
#include "mosaic/types.h"

namespace motion_mcp::jobs {

struct ClipView {
  mosaic::Run run;
  mosaic::Stage stage = mosaic::Stage::running;
};

// Views what was just read for `owner` (base/owner.h), and tells the ledger.
ClipView clip_read(mosaic::Run run, Ledger& ledger, std::string_view owner);

}  // namespace motion_mcp::jobs
