// Clients that are fetched and kept. These tests try to have a document asked for more often than
// it must be, kept for longer than it may be, and to fill or empty the memory with URLs.
#include "auth/document_clients.h"

#include <doctest/doctest.h>

#include <atomic>
#include <deque>
#include <latch>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "fakes/manual_clock.h"

using namespace motion_mcp;
using namespace std::chrono_literals;
using auth::DocumentClients;

namespace {

std::string url_of(int number) {
  return "https://client.example/" + std::to_string(number) + ".json";
}

// Answers every URL with a document of its own, unless told otherwise. Thread-safe.
class Documents final : public auth::DocumentFetch {
 public:
  std::optional<std::chrono::seconds> fresh_for = 600s;
  std::optional<Error> failure;
  std::atomic<int> fetches = 0;
  std::function<void(const std::stop_token&)> meanwhile;

  Result<auth::FetchedDocument> fetch(const std::string& url,
                                      const std::stop_token& stop) override {
    ++fetches;
    if (meanwhile) meanwhile(stop);
    if (stop.stop_requested()) return Error{ErrorKind::cancelled, "left"};
    if (failure) return *failure;
    return auth::FetchedDocument{
        R"({"client_id":")" + url +
            R"(","client_name":"A","redirect_uris":["https://client.example/back"]})",
        fresh_for};
  }
};

struct Fixture {
  Documents documents;
  fakes::ManualClock clock;
};

// A host of its own for each number.
std::string at_host(int number) {
  return "https://host" + std::to_string(number) + ".example/client.json";
}

bool finds(const DocumentClients& clients, int number) {
  const auto client = clients.find(url_of(number), {});
  return client && client->id == url_of(number);
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "https URLs are of this kind, other ids are not") {
  const DocumentClients clients(documents, clock);
  CHECK(clients.knows_kind("https://client.example/c"));
  CHECK_FALSE(clients.knows_kind("http://client.example/c"));
  CHECK_FALSE(clients.knows_kind("AbCdEf"));
  CHECK_FALSE(clients.knows_kind(""));
}

TEST_CASE_FIXTURE(Fixture, "what cannot be a client_id is not fetched") {
  const DocumentClients clients(documents, clock);
  CHECK_FALSE(clients.find("https://client.example/", {}));
  CHECK_FALSE(clients.find("https://client.example:8443/c", {}));
  CHECK(documents.fetches == 0);
}

TEST_CASE_FIXTURE(Fixture, "a document is kept for as long as its host says, within limits") {
  struct Row {
    std::optional<std::chrono::seconds> said;
    std::chrono::seconds kept;
  };
  for (const Row& row : {Row{600s, 600s}, Row{0s, 300s}, Row{1s, 300s}, Row{std::nullopt, 3600s},
                         Row{1'000'000s, 86400s}}) {
    Documents site;
    site.fresh_for = row.said;
    const DocumentClients clients(site, clock);
    CHECK(finds(clients, 1));
    clock.advance(row.kept - 1s);
    CHECK(finds(clients, 1));
    CHECK(site.fetches == 1);
    clock.advance(1s);
    CHECK(finds(clients, 1));
    CHECK(site.fetches == 2);
  }
}

TEST_CASE_FIXTURE(Fixture, "a URL without an acceptable document is asked again after a moment") {
  const DocumentClients clients(documents, clock);
  documents.failure = Error{ErrorKind::bad_response, "client.example answered 404"};
  CHECK(clients.find(url_of(1), {}).error().message == documents.failure->message);
  documents.failure.reset();
  CHECK_FALSE(finds(clients, 1));
  CHECK(documents.fetches == 1);
  CHECK(finds(clients, 2));
  clock.advance(10s);
  CHECK(finds(clients, 1));
  CHECK(documents.fetches == 3);
}

TEST_CASE_FIXTURE(Fixture, "an old document does not serve when a new one cannot be had") {
  const DocumentClients clients(documents, clock);
  CHECK(finds(clients, 1));
  clock.advance(600s);
  documents.failure = Error{ErrorKind::unreachable, "gone"};
  CHECK_FALSE(finds(clients, 1));
}

TEST_CASE_FIXTURE(Fixture, "no more is kept than the limit, and what is used stays") {
  DocumentClients::Limits limits;
  limits.kept = 3;
  const DocumentClients clients(documents, clock, limits);
  for (int number = 1; number <= 3; ++number) {
    CHECK(finds(clients, number));
    clock.advance(1s);
  }
  CHECK(finds(clients, 1));  // used again
  clock.advance(1s);
  CHECK(finds(clients, 4));  // in the place of 2
  CHECK(documents.fetches == 4);
  CHECK(finds(clients, 1));
  CHECK(finds(clients, 3));
  CHECK(documents.fetches == 4);
  CHECK(finds(clients, 2));
  CHECK(documents.fetches == 5);
}

TEST_CASE_FIXTURE(Fixture, "URLs that lead nowhere do not drive out clients") {
  DocumentClients::Limits limits;
  limits.kept = 2;
  limits.failed = 2;
  const DocumentClients clients(documents, clock, limits);
  CHECK(finds(clients, 1));
  documents.failure = Error{ErrorKind::bad_response, "client.example answered 404"};
  for (int number = 100; number < 200; ++number) CHECK_FALSE(finds(clients, number));
  CHECK(finds(clients, 1));
  CHECK(documents.fetches == 101);
}

TEST_CASE_FIXTURE(Fixture, "many who ask for one client at once cause one fetch") {
  const DocumentClients clients(documents, clock);
  std::latch is_fetching(1);
  std::latch may_end(1);
  documents.meanwhile = [&](const std::stop_token&) {
    is_fetching.count_down();
    may_end.wait();
  };
  std::atomic<int> found = 0;
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 8; ++i) {
      callers.emplace_back([&] { found += finds(clients, 1) ? 1 : 0; });
    }
    is_fetching.wait();
    may_end.count_down();
  }
  CHECK(found == 8);
  CHECK(documents.fetches == 1);
}

TEST_CASE_FIXTURE(Fixture,
                  "who waits for another's fetch may leave, and takes over when that one left") {
  const DocumentClients clients(documents, clock);
  std::latch is_fetching(1);
  documents.meanwhile =
      [&, is_first = std::make_shared<std::atomic<bool>>(true)](const std::stop_token& stop) {
        if (!is_first->exchange(false)) return;
        is_fetching.count_down();
        while (!stop.stop_requested()) std::this_thread::yield();
      };
  std::stop_source first;
  std::stop_source second;
  Result<auth::Client> first_found = Error{};
  std::jthread fetching([&] { first_found = clients.find(url_of(1), first.get_token()); });
  is_fetching.wait();
  second.request_stop();
  CHECK(clients.find(url_of(1), second.get_token()).error().kind == ErrorKind::cancelled);
  std::atomic<bool> third_found = false;
  std::jthread waiting([&] { third_found = finds(clients, 1); });
  first.request_stop();
  fetching.join();
  waiting.join();
  CHECK(first_found.error().kind == ErrorKind::cancelled);
  CHECK(third_found);
  CHECK(documents.fetches == 2);
}

TEST_CASE_FIXTURE(Fixture, "a host that was not reached is left alone for a moment, by any URL") {
  const DocumentClients clients(documents, clock);
  documents.failure = Error{ErrorKind::unreachable, "client.example did not answer"};
  CHECK_FALSE(finds(clients, 1));
  documents.failure.reset();
  CHECK(clients.find(url_of(2), {}).error().message == "client.example did not answer");
  CHECK(clients.find(at_host(1), {}));
  CHECK(documents.fetches == 2);
  clock.advance(10s);
  CHECK(finds(clients, 2));
}

TEST_CASE_FIXTURE(Fixture, "a fetch that this server had no place for may be tried again at once") {
  const DocumentClients clients(documents, clock);
  documents.failure = Error{ErrorKind::unavailable, "too much is under way"};
  CHECK(clients.find(url_of(1), {}).error().kind == ErrorKind::unavailable);
  documents.failure.reset();
  CHECK(finds(clients, 1));
}

TEST_CASE_FIXTURE(Fixture, "a client that is kept is found while its host is not reached") {
  const DocumentClients clients(documents, clock);
  CHECK(finds(clients, 1));
  documents.failure = Error{ErrorKind::unreachable, "client.example did not answer"};
  CHECK_FALSE(finds(clients, 2));
  CHECK(finds(clients, 1));
}

TEST_CASE_FIXTURE(Fixture, "one slow host does not keep clients of others waiting") {
  const DocumentClients clients(documents, clock);
  std::latch are_fetching(2);
  std::latch may_end(1);
  documents.meanwhile = [&, slow = std::make_shared<std::atomic<int>>(2)](const std::stop_token&) {
    if ((*slow)-- <= 0) return;
    are_fetching.count_down();
    may_end.wait();
  };
  std::vector<std::jthread> callers;
  for (int number = 1; number <= 2; ++number) {
    callers.emplace_back([&clients, number] { static_cast<void>(finds(clients, number)); });
  }
  are_fetching.wait();
  CHECK(clients.find(url_of(3), {}).error().kind == ErrorKind::unavailable);
  CHECK(clients.find(at_host(1), {}));
  may_end.count_down();
  callers.clear();
  CHECK(finds(clients, 3));
}

TEST_CASE_FIXTURE(Fixture, "so many wait for one URL, and more are turned away") {
  DocumentClients::Limits limits;
  limits.waiters = 2;
  const DocumentClients clients(documents, clock, limits);
  std::latch is_fetching(1);
  std::latch may_end(1);
  documents.meanwhile = [&](const std::stop_token&) {
    is_fetching.count_down();
    may_end.wait();
  };
  std::atomic<int> found = 0;
  std::atomic<int> turned_away = 0;
  {
    std::vector<std::jthread> callers;
    callers.emplace_back([&] { found += finds(clients, 1) ? 1 : 0; });
    is_fetching.wait();
    for (int i = 0; i < 5; ++i) {
      callers.emplace_back([&] {
        const auto client = clients.find(url_of(1), {});
        ++(client ? found : turned_away);
        if (!client) CHECK(client.error().kind == ErrorKind::unavailable);
      });
    }
    while (turned_away < 3) std::this_thread::yield();
    may_end.count_down();
  }
  CHECK(found == 3);
  CHECK(turned_away == 3);
  CHECK(documents.fetches == 1);
}

TEST_CASE_FIXTURE(Fixture, "only so many fetches are under way at once") {
  DocumentClients::Limits limits;
  limits.fetches = 2;
  const DocumentClients clients(documents, clock, limits);
  std::latch are_fetching(2);
  std::latch may_end(1);
  documents.meanwhile = [&](const std::stop_token&) {
    are_fetching.count_down();
    may_end.wait();
  };
  std::vector<std::jthread> callers;
  for (int number = 1; number <= 2; ++number) {
    callers.emplace_back(
        [&clients, number] { static_cast<void>(clients.find(at_host(number), {})); });
  }
  are_fetching.wait();
  const auto third = clients.find(url_of(3), {});
  REQUIRE_FALSE(third);
  CHECK(third.error().kind == ErrorKind::unavailable);
  may_end.count_down();
  callers.clear();
  documents.meanwhile = nullptr;
  CHECK(finds(clients, 3));
}
