#include "auth/file_grant_store.h"

#include <array>
#include <utility>
#include <vector>

#include "base/database_file.h"

namespace motion_mcp::auth {
namespace {

// Times are seconds since 1970.
constexpr std::array kMigrations = {R"sql(
CREATE TABLE grants (
  id TEXT PRIMARY KEY,
  generation INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  is_revoked INTEGER NOT NULL,
  keep_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX grants_by_time ON grants (keep_until);
)sql"};

std::int64_t seconds_of(base::WallTime time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

base::WallTime time_of(std::int64_t seconds) {
  return base::WallTime(std::chrono::seconds(seconds));
}

}  // namespace

Result<std::unique_ptr<FileGrantStore>> FileGrantStore::open(const std::string& path,
                                                             base::WallTime now) {
  const auto named = [&](const Error& error) {
    return Error{ErrorKind::unavailable,
                 "the authorizations in " + path + " cannot be used: " + error.message,
                 "Give another place with --oauth-store, or --oauth-store memory."};
  };
  auto database = base::open_database_file(path, kMigrations);
  if (!database) return named(database.error());
  auto store = std::unique_ptr<FileGrantStore>(new FileGrantStore(*std::move(database)));
  if (const auto loaded = store->load_revoked(now); !loaded) return named(loaded.error());
  return store;
}

Result<void> FileGrantStore::load_revoked(base::WallTime now) {
  const std::vector<base::Row> rows =
      TRY(database_.query("SELECT id, keep_until FROM grants WHERE is_revoked AND keep_until >= ?1",
                          {seconds_of(now)}));
  for (const base::Row& row : rows) revoked_.add(row.text(0), now, time_of(row.integer(1)));
  return {};
}

Result<GrantStore::Use> FileGrantStore::use(std::string_view grant, std::int64_t generation,
                                            base::WallTime now, base::WallTime keep_until) {
  const std::lock_guard lock(mutex_);
  const Use use = TRY(use_within(grant, generation, now, keep_until));
  if (use.verdict == Use::Verdict::revoked) revoked_.add(grant, now, keep_until);
  return use;
}

Result<GrantStore::Use> FileGrantStore::use_within(std::string_view grant, std::int64_t generation,
                                                   base::WallTime now, base::WallTime keep_until) {
  using enum Use::Verdict;
  if (revoked_.contains(grant)) return Use{revoked, {}};
  base::Transaction transaction = TRY(base::Transaction::begin(database_));
  TRY(database_.run("DELETE FROM grants WHERE keep_until < ?1", {seconds_of(now)}));
  const std::vector<base::Row> rows = TRY(
      database_.query("SELECT generation, used_at, is_revoked FROM grants WHERE id = ?1", {grant}));
  if (!rows.empty()) {
    const base::Row& last = rows.front();
    if (last.integer(2) != 0) return Use{revoked, {}};
    if (generation < last.integer(0)) return Use{outdated, {}};
    if (generation == last.integer(0)) return Use{repeated, time_of(last.integer(1))};
  }
  TRY(database_.run("INSERT OR REPLACE INTO grants VALUES (?1, ?2, ?3, 0, ?4)",
                    {grant, generation, seconds_of(now), seconds_of(keep_until)}));
  TRY(transaction.commit());
  return Use{first, now};
}

Result<bool> FileGrantStore::is_known(std::string_view grant) {
  if (revoked_.contains(grant)) return true;
  const std::lock_guard lock(mutex_);
  const std::vector<base::Row> rows =
      TRY(database_.query("SELECT id FROM grants WHERE id = ?1", {grant}));
  return !rows.empty();
}

Result<void> FileGrantStore::revoke(std::string_view grant, base::WallTime now,
                                    base::WallTime keep_until) {
  revoked_.add(grant, now, keep_until);
  const std::lock_guard lock(mutex_);
  return database_.run("INSERT OR REPLACE INTO grants VALUES (?1, 0, ?2, 1, ?3)",
                       {grant, seconds_of(now), seconds_of(keep_until)});
}

bool FileGrantStore::is_revoked(std::string_view grant) const {
  return revoked_.contains(grant);
}

}  // namespace motion_mcp::auth
