// Tries to have a ledger that cannot work take the server with it: a path that cannot be, a file
// that is damaged, newer, another program's, or grown too large for the disk.
#include <doctest/doctest.h>

#include <string>

#include "fakes/full_disk.h"
#include "fakes/manual_clock.h"
#include "fakes/scratch_folder.h"
#include "jobs/ledger.h"
#include "jobs/ledger_file.h"

using namespace motion_mcp;
using namespace std::chrono_literals;
using fakes::FullDisk;
using fakes::ScratchFolder;
using jobs::Ledger;
using jobs::NewOrder;

namespace {

NewOrder order(std::string digest) {
  return {"owner", "create_video", std::move(digest), std::string(800, 'x'), "", std::nullopt};
}

// Every function fails, and says which file it is and why.
void check_unusable(Ledger& ledger, const std::string& path, const std::string& why) {
  CAPTURE(path);
  for (const auto& error :
       {ledger.admit(order("d"), {}).error(), ledger.find_prior("owner", "d", 600s).error(),
        ledger.close(1, jobs::OrderState::started, "job", "queued").error(),
        ledger.last_followup("owner", "job").error(),
        ledger.accept_followup("owner", "job").error(), ledger.list("owner", {}).error(),
        ledger.job_ids("owner", "", 10).error(), ledger.prompt_of("owner", "job").error(),
        ledger.note_status("owner", "job", "running", Ledger::Outcome::unfinished).error()}) {
    CHECK(error.kind == ErrorKind::unavailable);
    CHECK(error.message.find("the ledger " + path) == 0);
    CHECK_MESSAGE(error.message.find(why) != std::string::npos, error.message);
  }
}

}  // namespace

TEST_CASE("a folder that cannot be made is said, and tried again a minute later") {
  const ScratchFolder folder;
  const std::string path = folder.write("file", "") + "/motion-mcp/ledger.db";
  fakes::ManualClock clock;
  Ledger ledger({path, true}, clock);
  check_unusable(ledger, path, "Not a directory");

  std::filesystem::remove(folder / "file");
  check_unusable(ledger, path, "Not a directory");
  clock.advance(Ledger::kRetryAfter);
  CHECK(ledger.admit(order("d"), {}));
}

TEST_CASE("a damaged file is said and left as it is") {
  const ScratchFolder folder;
  const std::string content =
      "this is no database, but a text that is long enough to be one" + std::string(4096, '.');
  const std::string path = folder.write("ledger.db", content);
  fakes::ManualClock clock;
  Ledger ledger({path, true}, clock);
  check_unusable(ledger, path, "not a database");
  CHECK(fakes::read_whole(path) == content);
}

TEST_CASE("a file of a newer version is said and left as it is") {
  const ScratchFolder folder;
  const std::string path = folder / "ledger.db";
  {
    auto database = jobs::open_ledger_file(path);
    REQUIRE(database);
    REQUIRE(database->run_script("PRAGMA user_version = 99; ALTER TABLE orders RENAME TO later"));
  }
  fakes::ManualClock clock;
  Ledger ledger({path, true}, clock);
  check_unusable(ledger, path, "newer version of motion-mcp");
}

TEST_CASE("another program's database is not touched") {
  const ScratchFolder folder;
  const std::string path = folder.write("theirs.db", "");
  {
    auto database = base::Database::open(path);
    REQUIRE(database);
    REQUIRE(database->run_script("CREATE TABLE theirs (a)"));
  }
  const std::string before = fakes::read_whole(path);
  fakes::ManualClock clock;
  Ledger ledger({path, true}, clock);
  check_unusable(ledger, path, "another program's");
  CHECK(fakes::read_whole(path) == before);
}

TEST_CASE("a full disk fails what writes, and what was written is still read") {
  const ScratchFolder folder;
  const std::string path = folder / "ledger.db";
  fakes::ManualClock clock;
  Ledger ledger({path, true}, clock);
  REQUIRE(ledger.admit(order("first"), {}));
  int written = 0;
  {
    const FullDisk full(128 * 1024);
    while (written < 1000 && ledger.admit(order(std::to_string(written)), {})) ++written;
    REQUIRE(written < 1000);
    const auto refused = ledger.admit(order("more"), {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message.find("the ledger " + path) == 0);
    const auto found = ledger.find_prior("owner", "first", 600s);
    REQUIRE(found);
    CHECK(found->has_value());
  }
  CHECK(ledger.admit(order("room again"), {}));
  const auto rows = jobs::open_ledger_file(path)->query("SELECT count(*) FROM orders");
  CHECK(rows->at(0).integer(0) == 2 + written);
}

TEST_CASE("a disk that is full from the beginning is an error, and no crash") {
  const ScratchFolder folder;
  fakes::ManualClock clock;
  Ledger ledger({folder / "ledger.db", true}, clock);
  {
    const FullDisk full(0);
    CHECK_FALSE(ledger.admit(order("d"), {}));
    CHECK_FALSE(ledger.last_followup("owner", "job"));
  }
  clock.advance(Ledger::kRetryAfter);
  CHECK(ledger.admit(order("d"), {}));
}

TEST_CASE("a file that is removed or replaced while it is open is said, and no order is mixed up") {
  const ScratchFolder folder;
  const std::string path = folder / "ledger.db";
  fakes::ManualClock clock;
  Ledger ledger({path, true}, clock);
  const auto admitted = ledger.admit(order("d"), {});
  REQUIRE(admitted);
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
  check_unusable(ledger, path, "removed or replaced");

  Ledger other({path, true}, clock);
  REQUIRE(other.admit(order("e"), {}));
  check_unusable(ledger, path, "removed or replaced");
  const auto prior = other.find_prior("owner", "e", 600s);
  REQUIRE(prior);
  REQUIRE(*prior);
  CHECK((*prior)->state == jobs::OrderState::starting);
}
