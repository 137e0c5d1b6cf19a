#include "jobs/ledger_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <thread>

#include "base/private_file.h"

namespace motion_mcp::jobs {
namespace {

// Each brings the form from the version of its index to the next. Only ever added to.
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
)sql"};
constexpr auto kVersion = static_cast<std::int64_t>(kMigrations.size());

// Whether the file is of this program, and of which version: 0 for one that is still empty.
Result<std::int64_t> version_of(Database& database) {
  // One statement, so that a file which is being made is seen empty or whole.
  const std::vector<Row> rows = TRY(database.query(
      "SELECT user_version, (SELECT count(*) FROM sqlite_schema) FROM pragma_user_version"));
  const std::int64_t version = rows.at(0).integer(0);
  if (version == 0 && rows.at(0).integer(1) > 0) {
    return Error{ErrorKind::unavailable, "it is another program's database"};
  }
  if (version > kVersion) {
    return Error{ErrorKind::unavailable, "it was written by a newer version of motion-mcp"};
  }
  return version;
}

Result<void> migrate(Database& database) {
  Transaction transaction = TRY(Transaction::begin(database));
  // Another process may have been faster.
  const std::int64_t version = TRY(version_of(database));
  for (auto next = static_cast<std::size_t>(version); next < kMigrations.size(); ++next) {
    TRY(database.run_script(kMigrations.at(next)));
  }
  const std::string stamp = "PRAGMA user_version = " + std::to_string(kVersion);
  TRY(database.run_script(stamp.c_str()));
  return transaction.commit();
}

// The change to WAL needs the file for itself, and SQLite does not wait for that.
Result<void> use_write_ahead_log(Database& database) {
  const auto give_up = std::chrono::steady_clock::now() + Database::kMaxBusy;
  for (;;) {
    const auto rows = database.query("PRAGMA journal_mode = WAL");
    if (rows) return {};
    if (!database.was_busy() || std::chrono::steady_clock::now() > give_up) return rows.error();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

// SQLite gives -wal and -shm the mode of the file, so it is the file that has to be private.
// O_EXCL: closing a descriptor of a file in use would drop the locks of this process on it.
Result<void> make_file(const std::string& path) {
  TRY(base::make_private_folder(std::filesystem::path(path).parent_path().string()));
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd >= 0) {
    ::close(fd);
  } else if (errno != EEXIST) {
    return Error{ErrorKind::unavailable, std::strerror(errno)};
  }
  return {};
}

Result<Database> open_and_prepare(const std::string& path) {
  if (path != ":memory:") TRY(make_file(path));
  Database database = TRY(Database::open(path));
  TRY(database.run("PRAGMA synchronous = FULL"));
  const std::int64_t version = TRY(version_of(database));
  TRY(use_write_ahead_log(database));
  if (version < kVersion) TRY(migrate(database));
  return database;
}

}  // namespace

Result<Database> open_ledger_file(const std::string& path) {
  auto database = open_and_prepare(path);
  if (!database) {
    return Error{ErrorKind::unavailable,
                 "the ledger " + path + " cannot be used: " + database.error().message};
  }
  return database;
}

}  // namespace motion_mcp::jobs
