#include "jobs/clip_view.h"

#include <utility>

namespace motion_mcp::jobs {

ClipView clip_read(mosaic::Run run, Ledger& ledger, std::string_view owner) {
  using Outcome = Ledger::Outcome;
  const mosaic::Stage stage = mosaic::stage_of(run);
  Outcome outcome = Outcome::unfinished;
  if (mosaic::has_clip(stage)) {
    outcome = Outcome::ready;
  } else if (stage == mosaic::Stage::failed || stage == mosaic::Stage::cancelled) {
    outcome = Outcome::failed;
  }
  // The ledger says in the log when it cannot.
  (void)ledger.note_status(owner, run.run_id, run.status, outcome);
  return {std::move(run), stage};
}

}  // namespace motion_mcp::jobs
