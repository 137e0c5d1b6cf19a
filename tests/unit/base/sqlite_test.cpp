// Tries to get a value back other than it went in, to keep what was rolled back, and to use a
// connection after a fault.
#include "base/sqlite.h"

#include <doctest/doctest.h>

using namespace motion_mcp;
using base::Database;
using base::Transaction;

namespace {

Database memory() {
  auto database = Database::open(":memory:");
  REQUIRE(database);
  REQUIRE(database->run("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER) STRICT"));
  return *std::move(database);
}

std::int64_t rows_in(Database& database) {
  const auto rows = database.query("SELECT count(*) FROM t");
  REQUIRE(rows);
  return rows->at(0).integer(0);
}

}  // namespace

TEST_CASE("texts, numbers and nothing come back as they went in") {
  Database database = memory();
  using namespace std::string_view_literals;
  REQUIRE(database.run("INSERT INTO t (a, b) VALUES (?1, ?2)", {"a\0'; DROP"sv, std::int64_t{-7}}));
  CHECK(database.last_insert_id() == 1);
  REQUIRE(database.run("INSERT INTO t (a, b) VALUES (?1, ?2)", {nullptr, nullptr}));
  REQUIRE(database.run("INSERT INTO t (a) VALUES (?1)", {std::string_view()}));
  const auto rows = database.query("SELECT a, b FROM t ORDER BY id");
  REQUIRE(rows);
  REQUIRE(rows->size() == 3);
  CHECK(rows->at(0).text(0) == "a\0'; DROP"sv);
  CHECK(rows->at(0).integer(1) == -7);
  CHECK_FALSE(rows->at(1).optional_text(0));
  CHECK(rows->at(1).text(0).empty());
  CHECK(rows->at(2).optional_text(0) == "");
}

TEST_CASE("a transaction that is not committed changed nothing") {
  Database database = memory();
  {
    const auto transaction = Transaction::begin(database);
    REQUIRE(transaction);
    REQUIRE(database.run("INSERT INTO t (b) VALUES (1)"));
  }
  CHECK(rows_in(database) == 0);
  {
    auto transaction = Transaction::begin(database);
    REQUIRE(transaction);
    REQUIRE(database.run("INSERT INTO t (b) VALUES (1)"));
    CHECK(transaction->commit());
  }
  CHECK(rows_in(database) == 1);
}

TEST_CASE("a fault is an error with SQLite's words, and the connection goes on") {
  Database database = memory();
  REQUIRE(database.run("INSERT INTO t (id) VALUES (?1)", {std::int64_t{1}}));
  const auto twice = database.run("INSERT INTO t (id) VALUES (?1)", {std::int64_t{1}});
  REQUIRE_FALSE(twice);
  CHECK(twice.error().kind == ErrorKind::unavailable);
  CHECK(twice.error().message.find("UNIQUE") != std::string::npos);
  CHECK_FALSE(database.query("SELECT nothing FROM nowhere"));
  CHECK(database.run("INSERT INTO t (id) VALUES (?1)", {std::int64_t{2}}));
  CHECK(rows_in(database) == 2);
}

TEST_CASE("a file that is not there is an error") {
  CHECK_FALSE(Database::open("/nonexistent/ledger.db"));
}
