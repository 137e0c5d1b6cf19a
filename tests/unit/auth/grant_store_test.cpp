// Both stores keep one promise: of what is good for one use, one use is the first.

#include "auth/grant_store.h"

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "auth/file_grant_store.h"
#include "auth/memory_grant_store.h"
#include "fakes/scratch_folder.h"

using namespace motion_mcp;
using namespace std::chrono_literals;
using Verdict = auth::GrantStore::Use::Verdict;

namespace {

constexpr base::WallTime kNow{std::chrono::seconds(1777417264)};
constexpr auto kLater = kNow + 1h;

std::unique_ptr<auth::GrantStore> open_file(const std::string& path, base::WallTime now = kNow) {
  auto store = auth::FileGrantStore::open(path, now);
  REQUIRE(store);
  return *std::move(store);
}

Verdict use(auth::GrantStore& store, const char* grant, std::int64_t generation,
            base::WallTime now = kNow) {
  const auto used = store.use(grant, generation, now, now + 1h);
  REQUIRE(used);
  return used->verdict;
}

void check_promises(auth::GrantStore& store) {
  CHECK_FALSE(*store.is_known("a"));
  CHECK(use(store, "a", 0) == Verdict::first);
  CHECK(*store.is_known("a"));
  CHECK(use(store, "a", 0, kNow + 5s) == Verdict::repeated);
  CHECK(store.use("a", 0, kNow + 9s, kLater)->first_used == kNow);
  CHECK(use(store, "a", 1, kNow + 10s) == Verdict::first);
  CHECK(use(store, "a", 0) == Verdict::outdated);
  CHECK(store.use("a", 1, kNow + 20s, kLater)->first_used == kNow + 10s);
  CHECK(use(store, "b", 0) == Verdict::first);

  CHECK_FALSE(store.is_revoked("a"));
  REQUIRE(store.revoke("a", kNow, kLater));
  CHECK(store.is_revoked("a"));
  CHECK_FALSE(store.is_revoked("b"));
  CHECK(use(store, "a", 2) == Verdict::revoked);
  CHECK(use(store, "a", 0) == Verdict::revoked);

  CHECK(use(store, "unknown", 7) == Verdict::first);
  REQUIRE(store.revoke("never seen", kNow, kLater));
  CHECK(*store.is_known("never seen"));
  CHECK(use(store, "never seen", 0) == Verdict::revoked);
}

void check_one_is_first(auth::GrantStore& one, auth::GrantStore& other) {
  std::atomic<int> firsts{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      auto& store = i % 2 == 0 ? one : other;
      const auto used = store.use("contested", 3, kNow, kLater);
      if (used && used->verdict == Verdict::first) ++firsts;
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(firsts == 1);
}

}  // namespace

TEST_CASE("a store in memory keeps the promises") {
  auth::MemoryGrantStore store;
  check_promises(store);
  check_one_is_first(store, store);
}

TEST_CASE("a store in a file keeps the promises") {
  const fakes::ScratchFolder folder;
  const auto store = open_file(folder / "oauth.db");
  check_promises(*store);
  check_one_is_first(*store, *store);
}

TEST_CASE("two processes with one file have one first use") {
  const fakes::ScratchFolder folder;
  const auto one = open_file(folder / "oauth.db");
  const auto other = open_file(folder / "oauth.db");
  check_one_is_first(*one, *other);
  REQUIRE(one->revoke("a", kNow, kLater));
  CHECK_FALSE(other->is_revoked("a"));  // it has not looked yet
  CHECK(use(*other, "a", 1) == Verdict::revoked);
  CHECK(other->is_revoked("a"));
}

TEST_CASE("what was used and ended is known after a restart, until its time is over") {
  const fakes::ScratchFolder folder;
  const std::string path = folder / "oauth.db";
  {
    const auto store = open_file(path);
    CHECK(use(*store, "used", 4) == Verdict::first);
    REQUIRE(store->revoke("ended", kNow, kLater));
  }
  {
    const auto store = open_file(path);
    CHECK(use(*store, "used", 4) == Verdict::repeated);
    CHECK(store->is_revoked("ended"));
  }
  const auto store = open_file(path, kLater + 1s);
  CHECK_FALSE(store->is_revoked("ended"));
  CHECK(use(*store, "another", 0, kLater + 1s) == Verdict::first);
  CHECK(use(*store, "used", 4, kLater + 1s) == Verdict::first);
}

TEST_CASE("a store in memory forgets what is over before it is full") {
  auth::MemoryGrantStore store;
  for (int i = 0; i < 1024; ++i) use(store, ("old " + std::to_string(i)).c_str(), 0);
  CHECK(store.size() == 1024);
  use(store, "new", 0, kNow + 2h);
  CHECK(store.size() == 1);
}

TEST_CASE("a store in memory that is full says so") {
  auth::MemoryGrantStore store;
  for (std::size_t i = 0; i < auth::MemoryGrantStore::kMaxGrants; ++i) {
    REQUIRE(store.use(std::to_string(i), 0, kNow, kLater));
  }
  const auto used = store.use("one more", 0, kNow, kLater);
  REQUIRE_FALSE(used);
  CHECK(used.error().kind == ErrorKind::unavailable);
  CHECK(use(store, "1", 1) == Verdict::first);
}

TEST_CASE("a file that cannot be used is named, with what to do") {
  const fakes::ScratchFolder folder;
  const std::string path = folder / "file";
  REQUIRE(auth::FileGrantStore::open(path, kNow));
  const auto below_a_file = auth::FileGrantStore::open(path + "/oauth.db", kNow);
  REQUIRE_FALSE(below_a_file);
  CHECK(below_a_file.error().message.find(path + "/oauth.db") != std::string::npos);
  CHECK(below_a_file.error().next_step.find("--oauth-store") != std::string::npos);
}
