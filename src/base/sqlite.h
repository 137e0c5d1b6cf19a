#pragma once

// SQLite as values and Results: the little of it that our files need. https://sqlite.org/c3ref

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace motion_mcp::base {

// One row of a query. Columns count from 0; a column of another type is a programming error.
class Row {
 public:
  using Column = std::variant<std::nullptr_t, std::int64_t, std::string>;

  explicit Row(std::vector<Column> columns) : columns_(std::move(columns)) {}

  [[nodiscard]] std::int64_t integer(std::size_t column) const;
  [[nodiscard]] std::string text(std::size_t column) const;  // empty for NULL
  [[nodiscard]] std::optional<std::string> optional_text(std::size_t column) const;
  [[nodiscard]] std::optional<std::int64_t> optional_integer(std::size_t column) const;

 private:
  std::vector<Column> columns_;
};

// A connection. One thread at a time. Errors are `unavailable`, with SQLite's words.
//
// While another process writes, a statement waits: in sleeps of 0.3 to 1.2 ms at random, for at
// most kMaxBusy in all (SQLite's own back-off grows to 100 ms and lets one of many writers starve).
class Database {
 public:
  static constexpr std::chrono::seconds kMaxBusy{5};
  using Value = std::variant<std::nullptr_t, std::int64_t, std::string_view>;

  // Opens the file at `path`, which must be there and writable, or a database in memory for
  // ":memory:".
  static Result<Database> open(const std::string& path);

  // Runs one statement to its end. Values take the place of ?1, ?2, ... Statements are prepared
  // once and kept, so `sql` should be a literal.
  Result<std::vector<Row>> query(std::string_view sql, std::initializer_list<Value> values = {});
  // The same for a statement whose rows do not matter.
  Result<void> run(std::string_view sql, std::initializer_list<Value> values = {});
  // Statements separated by semicolons, without values.
  Result<void> run_script(const char* sql);

  [[nodiscard]] std::int64_t last_insert_id() const;
  // Whether the last fault was that another connection was in the way.
  [[nodiscard]] bool was_busy() const;
  // Whether it was that there is no room for more on the disk.
  [[nodiscard]] bool was_full() const;
  // Whether the file has lost its name since it was opened: what is written now, nobody else finds.
  [[nodiscard]] bool has_moved() const;

 private:
  struct CloseConnection {
    void operator()(sqlite3* connection) const;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

  explicit Database(sqlite3* connection) : connection_(connection) {}

  Result<sqlite3_stmt*> prepared(std::string_view sql);
  [[nodiscard]] Error error() const;

  std::unique_ptr<sqlite3, CloseConnection> connection_;
  std::map<std::string, Statement, std::less<>> statements_;  // gone before the connection
};

// BEGIN IMMEDIATE: the right to write is had from the beginning, so that what was read still holds
// when it is acted on. Rolled back unless committed.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database);
  ~Transaction();
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;

  Result<void> commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}

  Database* database_;  // null when there is nothing left to roll back
};

}  // namespace motion_mcp::base
