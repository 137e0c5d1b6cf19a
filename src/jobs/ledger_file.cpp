#include "jobs/ledger_file.h"

#include <array>

#include "base/database_file.h"

namespace motion_mcp::jobs {
namespace {

// Of base/database_file.h.
constexpr std::array kMigrations = {
    // Times are milliseconds since 1970. `outcome` is NULL until the job is seen ready or failed.
    // `follows` is 1 for a followup, whose before_* are what the job showed before it.
    R"sql(
CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  owner TEXT NOT NULL,
  tool TEXT NOT NULL,
  digest TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('starting', 'started', 'refused', 'uncertain')),
  job_id TEXT,
  prompt TEXT,
  ordered_at INTEGER NOT NULL,
  answered_at INTEGER,
  status TEXT,
  status_at INTEGER,
  outcome TEXT CHECK (outcome IN ('ready', 'failed')),
  follows INTEGER NOT NULL,
  before_completed_at TEXT,
  before_output_completed_at TEXT
) STRICT;
CREATE INDEX orders_by_digest ON orders (owner, digest);
CREATE INDEX orders_by_job ON orders (owner, job_id);
CREATE INDEX orders_by_time ON orders (owner, ordered_at);
)sql",
    // For the list of an owner's jobs, and for forgetting what was refused.
    R"sql(
CREATE INDEX orders_listed ON orders (owner) WHERE state != 'refused';
CREATE INDEX orders_refused ON orders (ordered_at) WHERE state = 'refused';
)sql",
    // `trace` is what an order of unknown outcome is found again by. Agents of Mosaic are kept to
    // be used again (agent_book.h).
    R"sql(
ALTER TABLE orders ADD COLUMN trace TEXT;
CREATE TABLE agents (
  owner TEXT NOT NULL,
  label TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  node_id TEXT,
  PRIMARY KEY (owner, label)
) STRICT, WITHOUT ROWID;
)sql"};

}  // namespace

Result<base::Database> open_ledger_file(const std::string& path) {
  auto database = base::open_database_file(path, kMigrations);
  if (!database) {
    return Error{ErrorKind::unavailable,
                 "the ledger " + path + " cannot be used: " + database.error().message};
  }
  return database;
}

}  // namespace motion_mcp::jobs
