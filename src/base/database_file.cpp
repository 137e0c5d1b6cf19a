#include "base/database_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>
#include <vector>

#include "base/private_file.h"

namespace motion_mcp::base {
namespace {

using Migrations = std::span<const char* const>;

std::int64_t newest(Migrations migrations) {
  return static_cast<std::int64_t>(migrations.size());
}

// Whether the file is of this program, and of which version: 0 for one that is still empty.
Result<std::int64_t> version_of(Database& database, Migrations migrations) {
  // One statement, so that a file which is being made is seen empty or whole.
  const std::vector<Row> rows = TRY(database.query(
      "SELECT user_version, (SELECT count(*) FROM sqlite_schema) FROM pragma_user_version"));
  const std::int64_t version = rows.at(0).integer(0);
  if (version == 0 && rows.at(0).integer(1) > 0) {
    return Error{ErrorKind::unavailable, "it is another program's database"};
  }
  if (version > newest(migrations)) {
    return Error{ErrorKind::unavailable, "it was written by a newer version of motion-mcp"};
  }
  return version;
}

Result<void> migrate(Database& database, Migrations migrations) {
  Transaction transaction = TRY(Transaction::begin(database));
  // Another process may have been faster.
  const std::int64_t version = TRY(version_of(database, migrations));
  for (auto next = static_cast<std::size_t>(version); next < migrations.size(); ++next) {
    TRY(database.run_script(migrations[next]));
  }
  const std::string stamp = "PRAGMA user_version = " + std::to_string(migrations.size());
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
  TRY(make_private_folder(std::filesystem::path(path).parent_path().string()));
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd >= 0) {
    ::close(fd);
  } else if (errno != EEXIST) {
    return Error{ErrorKind::unavailable, std::strerror(errno)};
  }
  return {};
}

}  // namespace

Result<Database> open_database_file(const std::string& path, Migrations migrations) {
  if (path != ":memory:") TRY(make_file(path));
  Database database = TRY(Database::open(path));
  TRY(database.run("PRAGMA synchronous = FULL"));
  const std::int64_t version = TRY(version_of(database, migrations));
  TRY(use_write_ahead_log(database));
  if (version < newest(migrations)) TRY(migrate(database, migrations));
  return database;
}

}  // namespace motion_mcp::base
