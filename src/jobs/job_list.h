#pragma once

// An owner's jobs as the ledger knows them, page by page. The API has no list, so this is the only
// one there is.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/sqlite.h"
#include "jobs/order.h"

namespace motion_mcp::jobs {

// Where a job stands by what was last seen of it. Exactly one holds.
enum class Standing {
  unfinished,  // neither of the next two was seen (yet)
  ready,       // its video could be fetched
  failed,      // it, or rendering its file, failed
  uncertain,   // whether its last order was taken is not known, nor was an end seen since
};

std::string_view to_string(Standing standing);
std::optional<Standing> parse_standing(std::string_view word);

// One job, or an order that is not known to have become one.
struct ListedJob {
  std::string job_id;  // empty: a create that is being sent, or whose answer was lost
  // Of the newest order of the job.
  OrderState state = OrderState::uncertain;  // never refused
  base::WallTime ordered_at;
  Standing standing = Standing::uncertain;
  std::string status;                       // the service's last known word; may be empty
  std::optional<base::WallTime> status_at;  // when it said so
  std::int64_t followups = 0;               // without those that were refused
  // Excerpts; empty where the ledger keeps no prompts.
  std::string prompt;    // of the first order of the job
  std::string revision;  // of the last followup
};

// Where a page goes on. Orders that arrive while somebody turns the pages move no job past them:
// all pages are of the orders up to `newest`, though each job is shown as it stands.
struct ListCursor {
  OrderId newest = 0;
  OrderId before = 0;
};

// One word for hosts to carry. It tells no more than how many orders the file has seen.
std::string to_text(const ListCursor& cursor);
// Nullopt for what to_text did not write.
std::optional<ListCursor> parse_cursor(std::string_view text);

struct JobQuery {
  std::size_t limit = 10;
  std::optional<ListCursor> cursor = std::nullopt;  // nullopt: from the newest on
  std::optional<Standing> standing = std::nullopt;  // nullopt: all
};

struct JobPage {
  std::vector<ListedJob> jobs;  // by their newest order, newest first
  std::optional<ListCursor> next;
};

struct JobIds {
  std::vector<std::string> ids;
  std::size_t total = 0;  // may exceed what is in `ids`
};

// For Ledger, which holds its lock and names the file in errors. Both read only.
Result<JobPage> list_jobs(base::Database& database, std::string_view owner, const JobQuery& query,
                          base::WallTime now);
Result<JobIds> find_job_ids(base::Database& database, std::string_view owner,
                            std::string_view prefix, std::size_t limit);

}  // namespace motion_mcp::jobs
