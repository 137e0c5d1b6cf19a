// Tries to lose a job between two pages, to see one twice or another owner's, and to have an order
// whose outcome is unknown pass for one that ended.
#include "jobs/job_list.h"

#include <doctest/doctest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/base64.h"
#include "fakes/manual_clock.h"
#include "fakes/scratch_folder.h"
#include "jobs/ledger.h"
#include "jobs/ledger_file.h"

using namespace motion_mcp;
using namespace std::chrono_literals;
using jobs::JobPage;
using jobs::JobQuery;
using jobs::Ledger;
using jobs::ListedJob;
using jobs::NewOrder;
using jobs::OrderId;
using jobs::OrderState;
using jobs::Standing;

namespace {

struct Bench {
  fakes::ManualClock clock;
  // On the heap: the thread sanitizer takes a mutex on the stack for the one that was there before.
  std::unique_ptr<Ledger> on_heap = std::make_unique<Ledger>(Ledger::Options{}, clock);
  Ledger& ledger = *on_heap;
  int digests = 0;

  OrderId admit(NewOrder order) {
    order.digest = std::to_string(++digests);
    const auto admission = ledger.admit(order, {});
    REQUIRE(admission);
    REQUIRE(std::holds_alternative<OrderId>(*admission));
    return std::get<OrderId>(*admission);
  }
  OrderId create(const char* prompt = "A film.", const char* owner = "owner") {
    return admit({owner, "create_video", "", prompt, "", std::nullopt});
  }
  OrderId followup(const char* job_id, const char* prompt = "Faster.") {
    return admit({"owner", "followup_video", "", prompt, job_id, motion::FollowupBaseline{}});
  }
  void close(OrderId order, OrderState state, const char* job_id = "") {
    REQUIRE(ledger.close(order, state, job_id, *job_id == '\0' ? "" : "queued"));
  }
  // A job that was started, under the id.
  void job(const char* job_id, const char* owner = "owner") {
    close(create("A film.", owner), OrderState::started, job_id);
    clock.advance(1s);
  }
  void note(const char* job_id, Ledger::Outcome outcome) {
    REQUIRE(ledger.note_status("owner", job_id, "completed", outcome));
  }

  JobPage page(const JobQuery& query = {}, const char* owner = "owner") {
    auto page = ledger.list(owner, query);
    REQUIRE(page);
    return *std::move(page);
  }
  ListedJob only(const JobQuery& query = {}) {
    const JobPage found = page(query);
    REQUIRE(found.jobs.size() == 1);
    return found.jobs.front();
  }
};

std::string ids(const JobPage& page) {
  std::string text;
  for (const ListedJob& job : page.jobs) text += (job.job_id.empty() ? "?" : job.job_id) + " ";
  return text;
}

}  // namespace

TEST_CASE("jobs are listed newest first, each owner's for itself") {
  Bench bench;
  CHECK(bench.page().jobs.empty());
  CHECK_FALSE(bench.page().next);
  bench.job("a");
  bench.job("b", "another");
  bench.job("c");
  CHECK(ids(bench.page()) == "c a ");
  CHECK(ids(bench.page({}, "another")) == "b ");
  CHECK(ids(bench.page({}, "nobody")).empty());
}

TEST_CASE("a job is one entry however often it was followed up, with the newest order's data") {
  // Ids that are UUIDs are the same in either case.
  constexpr const char* kLower = "405d47cf-f72b-4852-b570-0de2446dbba1";
  constexpr const char* kUpper = "405D47CF-F72B-4852-B570-0DE2446DBBA1";
  Bench bench;
  bench.close(bench.create("A film of bees."), OrderState::started, kUpper);
  bench.job("b");
  bench.note(kLower, Ledger::Outcome::ready);
  bench.close(bench.followup(kUpper, "Slower."), OrderState::refused);
  bench.clock.advance(1min);
  bench.close(bench.followup(kLower, "Faster."), OrderState::started, kLower);
  const auto followed_at = bench.clock.wall();
  bench.clock.advance(1min);

  const JobPage page = bench.page();
  REQUIRE(ids(page) == std::string(kLower) + " b ");
  const ListedJob& job = page.jobs[0];
  CHECK(job.followups == 1);
  CHECK(job.prompt == "A film of bees.");
  CHECK(job.revision == "Faster.");
  CHECK(job.ordered_at == followed_at);
  CHECK(job.standing == Standing::unfinished);  // what was ready is the video before
  CHECK(job.state == OrderState::started);
  CHECK(job.status == "queued");
  CHECK(job.status_at == followed_at);
  CHECK(page.jobs[1].followups == 0);
  CHECK(page.jobs[1].revision.empty());
}

TEST_CASE("a followup that was refused leaves the job as and where it was") {
  Bench bench;
  bench.job("a");
  bench.note("a", Ledger::Outcome::ready);
  bench.job("b");
  const OrderId order = bench.followup("a");
  CHECK(ids(bench.page()) == "a b ");
  bench.close(order, OrderState::refused);
  CHECK(ids(bench.page()) == "b a ");
  CHECK(bench.page().jobs[1].standing == Standing::ready);
}

TEST_CASE("a job that is known by its followup alone is listed") {
  Bench bench;
  bench.close(bench.followup("a", "Faster."), OrderState::started, "a");
  CHECK(bench.only().job_id == "a");
  CHECK(bench.only().prompt == "Faster.");
  CHECK(bench.only().followups == 1);
}

TEST_CASE("an order without a job is an entry of its own until the service is known to refuse it") {
  Bench bench;
  const OrderId lost = bench.create("Lost.");
  CHECK(bench.only().state == OrderState::starting);
  CHECK(bench.only().standing == Standing::unfinished);
  CHECK(bench.only().job_id.empty());
  bench.clock.advance(jobs::kStartingFor);
  CHECK(bench.only().state == OrderState::uncertain);  // its process died
  CHECK(bench.only().standing == Standing::uncertain);
  bench.close(lost, OrderState::uncertain);
  CHECK(bench.only().standing == Standing::uncertain);
  CHECK(bench.only().prompt == "Lost.");
  CHECK_FALSE(bench.only().status_at);
  const OrderId another = bench.create();
  bench.close(another, OrderState::uncertain);
  CHECK(bench.page().jobs.size() == 2);  // without an id, no two are the same
  bench.close(another, OrderState::refused);
  CHECK(bench.only().prompt == "Lost.");
}

TEST_CASE("a filter shows exactly the jobs of a standing, and each job has one") {
  Bench bench;
  bench.job("made");
  bench.job("done");
  bench.note("done", Ledger::Outcome::ready);
  bench.job("broken");
  bench.note("broken", Ledger::Outcome::failed);
  bench.close(bench.create(), OrderState::uncertain);
  bench.job("followed");
  bench.note("followed", Ledger::Outcome::ready);
  bench.close(bench.followup("followed"), OrderState::uncertain);
  const auto of = [&](Standing standing) { return ids(bench.page({10, std::nullopt, standing})); };
  CHECK(of(Standing::unfinished) == "made ");
  CHECK(of(Standing::ready) == "done ");
  CHECK(of(Standing::failed) == "broken ");
  CHECK(of(Standing::uncertain) == "followed ? ");
  CHECK(bench.page().jobs.size() == 5);

  // A followup that was seen at work was taken.
  REQUIRE(bench.ledger.accept_followup("owner", "followed"));
  CHECK(of(Standing::unfinished) == "followed made ");
}

TEST_CASE("pages show every job once, also with a filter") {
  Bench bench;
  for (int i = 0; i < 23; ++i) {
    const std::string job_id = "job" + std::to_string(i);
    bench.job(job_id.c_str());
    if (i % 3 == 0) bench.note(job_id.c_str(), Ledger::Outcome::ready);
  }
  for (const auto standing : {std::optional<Standing>(), std::optional(Standing::ready)}) {
    std::set<std::string> seen;
    std::size_t count = 0;
    JobQuery query{5, std::nullopt, standing};
    for (int pages = 0; pages < 10; ++pages) {
      const JobPage page = bench.page(query);
      CHECK(page.jobs.size() <= 5);
      for (const ListedJob& job : page.jobs) seen.insert(job.job_id);
      count += page.jobs.size();
      query.cursor = page.next;
      if (!page.next) break;
    }
    CHECK(count == (standing ? 8 : 23));
    CHECK(seen.size() == count);
  }
  CHECK_FALSE(bench.page({23}).next);
  CHECK(bench.page({22}).next);
}

TEST_CASE("orders that arrive between two pages move no job, and their facts are shown") {
  Bench bench;
  for (const char* job_id : {"a", "b", "c", "d"}) bench.job(job_id);
  bench.note("a", Ledger::Outcome::ready);
  const JobPage first = bench.page({2});
  CHECK(ids(first) == "d c ");
  REQUIRE(first.next);

  bench.job("e");
  bench.close(bench.followup("a", "Larger."), OrderState::started, "a");  // not shown yet
  bench.close(bench.followup("d"), OrderState::started, "d");             // shown before
  const JobPage second = bench.page({2, first.next});
  CHECK(ids(second) == "b a ");
  CHECK(second.jobs[1].standing == Standing::unfinished);
  CHECK(second.jobs[1].revision == "Larger.");
  CHECK_FALSE(second.next);
  CHECK(ids(bench.page()) == "d a e c b ");
}

TEST_CASE("a cursor of one owner shows another nothing but its own") {
  Bench bench;
  for (const char* job_id : {"a", "b", "c"}) bench.job(job_id);
  bench.job("theirs", "another");
  const auto cursor = bench.page({1}).next;
  REQUIRE(cursor);
  CHECK(ids(bench.page({10, cursor}, "another")).empty());
}

TEST_CASE("a cursor survives its text, and any other text is none") {
  const auto cursor = jobs::parse_cursor(to_text(jobs::ListCursor{20, 5}));
  REQUIRE(cursor);
  CHECK(cursor->newest == 20);
  CHECK(cursor->before == 5);
  for (const char* plain : {"", ".", "5", "20.", ".5", "20.0", "0.0", "-1.-2", "5.20", "20.5.1",
                            "20.5 ", "a.b", "20,5", "99999999999999999999.5", "0x14.5"}) {
    CAPTURE(plain);
    CHECK_FALSE(jobs::parse_cursor(base::encode_base64url(plain)));
  }
  CHECK_FALSE(jobs::parse_cursor("20.5"));
  CHECK_FALSE(jobs::parse_cursor("next page"));
}

TEST_CASE("job ids are found by how they begin, newest first, without regard to case") {
  Bench bench;
  bench.job("aa1");
  bench.job("ab2");
  bench.job("b3");
  bench.job("aa9", "another");
  bench.close(bench.followup("aa1"), OrderState::started, "aa1");
  const auto found = [&](std::string_view prefix, std::size_t limit = 100) {
    auto ids = bench.ledger.job_ids("owner", prefix, limit);
    REQUIRE(ids);
    return *std::move(ids);
  };
  using Ids = std::vector<std::string>;
  CHECK(found("").ids == Ids{"aa1", "b3", "ab2"});
  CHECK(found("A").ids == Ids{"aa1", "ab2"});
  CHECK(found("ab2").ids == Ids{"ab2"});
  CHECK(found("%").ids.empty());
  CHECK(found("", 2).ids == Ids{"aa1", "b3"});
  CHECK(found("", 2).total == 3);
  CHECK(found("zz").total == 0);
}

TEST_CASE("what was refused is forgotten after a day, and nothing else is") {
  const fakes::ScratchFolder folder;
  const std::string path = folder / "ledger.db";
  fakes::ManualClock clock;
  Ledger ledger({path, true}, clock);
  const auto order = [&](const char* digest) {
    const auto admission = ledger.admit({"owner", "create_video", digest, "", "", {}}, {});
    REQUIRE(admission);
    return std::get<OrderId>(*admission);
  };
  const auto states = [&] {
    std::string text;
    const auto rows = jobs::open_ledger_file(path)->query("SELECT state FROM orders ORDER BY id");
    REQUIRE(rows);
    for (const auto& row : *rows) text += row.text(0) + " ";
    return text;
  };
  REQUIRE(ledger.close(order("1"), OrderState::started, "a", "queued"));
  REQUIRE(ledger.close(order("2"), OrderState::uncertain));
  const OrderId refused = order("3");
  REQUIRE(ledger.close(refused, OrderState::refused));
  clock.advance(jobs::kRefusedKeptFor - 1ms);
  REQUIRE(ledger.close(order("4"), OrderState::refused));
  CHECK(states() == "started uncertain refused refused ");
  clock.advance(1ms);
  const OrderId next = order("5");
  CHECK(states() == "started uncertain refused starting ");
  CHECK(next > refused + 1);
}

TEST_CASE("a ledger of the version before is brought up to date with all its rows") {
  // The form that version 0.1.0 wrote, as it was.
  constexpr const char* kFirstForm = R"sql(
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
INSERT INTO orders (owner, tool, digest, state, job_id, prompt, ordered_at, status, outcome, follows)
  VALUES ('owner', 'create_video', 'd', 'started', 'a', 'A film.', 1000, 'completed', 'ready', 0),
         ('owner', 'create_video', 'e', 'refused', NULL, 'No.', 2000, NULL, NULL, 0);
PRAGMA user_version = 1;
)sql";
  const fakes::ScratchFolder folder;
  const std::string path = folder.write("ledger.db", "");
  {
    auto database = base::Database::open(path);
    REQUIRE(database);
    REQUIRE(database->run_script(kFirstForm));
  }
  fakes::ManualClock clock;
  Ledger ledger({path, true}, clock);
  const auto page = ledger.list("owner", {});
  REQUIRE(page);
  REQUIRE(ids(*page) == "a ");
  CHECK(page->jobs[0].standing == Standing::ready);
  CHECK(page->jobs[0].ordered_at == base::WallTime(1s));
  const auto version = jobs::open_ledger_file(path)->query("PRAGMA user_version");
  REQUIRE(version);
  CHECK(version->at(0).integer(0) == 3);
  REQUIRE(ledger.admit({"owner", "create_video", "f", "", "", {}}, {}));
  CHECK(jobs::open_ledger_file(path)->query("SELECT count(*) FROM orders")->at(0).integer(0) == 2);
}
