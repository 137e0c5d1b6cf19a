#include "base/sqlite.h"

#include <sqlite3.h>

#include <chrono>
#include <thread>

#include "base/random.h"

namespace motion_mcp::base {
namespace {

using Steady = std::chrono::steady_clock;

// Sleeps and says whether to try again. SQLite counts the tries of one wait from 0, on the thread
// that waits.
int wait_for_lock(void* /*unused*/, int tries) {
  thread_local Steady::time_point begun;
  if (tries == 0) begun = Steady::now();
  if (Steady::now() - begun > Database::kMaxBusy) return 0;
  std::this_thread::sleep_for(
      std::chrono::microseconds(300 + static_cast<int>(900 * base::random_unit())));
  return 1;
}

bool bind(sqlite3_stmt* statement, int index, const Database::Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    return sqlite3_bind_int64(statement, index, *number) == SQLITE_OK;
  }
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    // The caller's text lives until the statement was reset. An empty view may have no address.
    return sqlite3_bind_text(statement, index, text->empty() ? "" : text->data(),
                             static_cast<int>(text->size()), SQLITE_STATIC) == SQLITE_OK;
  }
  return sqlite3_bind_null(statement, index) == SQLITE_OK;
}

Row::Column column_of(sqlite3_stmt* statement, int index) {
  switch (sqlite3_column_type(statement, index)) {
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_column_int64(statement, index)};
    case SQLITE_NULL:
      return nullptr;
    default: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, index));
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, index));
      return text == nullptr ? std::string() : std::string(text, size);
    }
  }
}

Row row_of(sqlite3_stmt* statement) {
  std::vector<Row::Column> columns;
  const int count = sqlite3_column_count(statement);
  columns.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) columns.push_back(column_of(statement, i));
  return Row(std::move(columns));
}

}  // namespace

std::int64_t Row::integer(std::size_t column) const {
  return std::get<std::int64_t>(columns_.at(column));
}

std::string Row::text(std::size_t column) const {
  return optional_text(column).value_or("");
}

std::optional<std::string> Row::optional_text(std::size_t column) const {
  const Column& value = columns_.at(column);
  if (std::holds_alternative<std::nullptr_t>(value)) return std::nullopt;
  return std::get<std::string>(value);
}

std::optional<std::int64_t> Row::optional_integer(std::size_t column) const {
  const Column& value = columns_.at(column);
  if (std::holds_alternative<std::nullptr_t>(value)) return std::nullopt;
  return std::get<std::int64_t>(value);
}

void Database::CloseConnection::operator()(sqlite3* connection) const {
  sqlite3_close(connection);
}

void Database::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Result<Database> Database::open(const std::string& path) {
  sqlite3* connection = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(path.c_str(), &connection, flags, nullptr);
  Database database(connection);
  if (code != SQLITE_OK) return database.error();
  if (sqlite3_db_readonly(connection, "main") == 1) {
    return Error{ErrorKind::unavailable, "it may not be written to"};
  }
  sqlite3_busy_handler(connection, wait_for_lock, nullptr);
  // A stranger's file must not run code of its own, and closing must take no lock: a process that
  // is killed does not close either, so the next one has to cope with a log left behind anyway.
  sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  return database;
}

Result<std::vector<Row>> Database::query(std::string_view sql,
                                         std::initializer_list<Value> values) {
  sqlite3_stmt* statement = TRY(prepared(sql));
  int index = 0;
  for (const Value& value : values) {
    if (!bind(statement, ++index, value)) return error();
  }
  std::vector<Row> rows;
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) rows.push_back(row_of(statement));
  std::optional<Error> fault;
  if (code != SQLITE_DONE) fault = error();
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  if (fault) return *std::move(fault);
  return rows;
}

Result<void> Database::run(std::string_view sql, std::initializer_list<Value> values) {
  TRY(query(sql, values));
  return {};
}

Result<void> Database::run_script(const char* sql) {
  if (sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return error();
  return {};
}

std::int64_t Database::last_insert_id() const {
  return sqlite3_last_insert_rowid(connection_.get());
}

bool Database::was_busy() const {
  return (sqlite3_errcode(connection_.get()) & 0xFF) == SQLITE_BUSY;
}

bool Database::was_full() const {
  return (sqlite3_errcode(connection_.get()) & 0xFF) == SQLITE_FULL;
}

bool Database::has_moved() const {
  int moved = 0;
  sqlite3_file_control(connection_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return moved != 0;
}

Result<sqlite3_stmt*> Database::prepared(std::string_view sql) {
  if (const auto known = statements_.find(sql); known != statements_.end()) {
    return known->second.get();
  }
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK) {
    return error();
  }
  statements_.emplace(sql, statement);
  return statement;
}

Error Database::error() const {
  const char* words = connection_ ? sqlite3_errmsg(connection_.get()) : "out of memory";
  return Error{ErrorKind::unavailable, words};
}

Result<Transaction> Transaction::begin(Database& database) {
  TRY(database.run("BEGIN IMMEDIATE"));
  return Transaction(database);
}

Transaction::~Transaction() {
  // SQLite has rolled back by itself after some faults; then there is nothing to undo.
  if (database_ != nullptr) (void)database_->run("ROLLBACK");
}

Result<void> Transaction::commit() {
  TRY(database_->run("COMMIT"));
  database_ = nullptr;
  return {};
}

}  // namespace motion_mcp::base
