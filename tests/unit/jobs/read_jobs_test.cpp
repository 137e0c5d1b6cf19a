// Tries to have one slow or broken read take the others with it, more reads at once than are
// allowed, and a refused key asked about again and again.
#include "jobs/read_jobs.h"

#include <algorithm>
#include <atomic>
#include <future>

#include "fakes/scripted_http_client.h"
#include "unit/jobs/watch_bench.h"

using namespace motion_mcp;
using namespace motion_mcp::test;
using jobs::Look;

namespace {

std::string id_of(int number) {
  std::string id = kJobId;
  id.back() = static_cast<char>('0' + number % 10);
  id[id.size() - 2] = static_cast<char>('0' + number / 10);
  return id;
}

std::vector<std::string> ids_of(int count) {
  std::vector<std::string> ids;
  for (int i = 0; i < count; ++i) ids.push_back(id_of(i));
  return ids;
}

// What a GET of a job shows: the job of its URL.
Json shown(const net::HttpRequest& request) {
  Json body = job("running");
  body["job_id"] = request.url.substr(request.url.rfind('/') + 1);
  return body;
}

struct ReadBench {
  fakes::SteppedClock clock;
  Service service;
  motion::Client client{service, clock, {}};
  jobs::FollowupBaselines baselines;

  Result<std::vector<Look>> read(const std::vector<std::string>& ids,
                                 const std::stop_token& stop = {}) {
    return jobs::read_jobs(client, baselines, clock, kKey, ids, stop);
  }
};

}  // namespace

TEST_CASE("each job is read once and the looks are in the order that was asked for") {
  ReadBench bench;
  bench.service.says([](const auto& request, const auto&) { return answer(shown(request)); });
  for (const int count : {0, 1, 3, 20}) {
    CAPTURE(count);
    const std::size_t before = bench.service.count();
    const auto ids = ids_of(count);
    const auto looks = bench.read(ids);
    REQUIRE(looks);
    REQUIRE(looks->size() == ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      REQUIRE((*looks)[i]);
      CHECK((*looks)[i]->job.job_id == ids[i]);
    }
    CHECK(bench.service.count() - before == ids.size());
  }
}

TEST_CASE("as many reads as are allowed are under way at once, and no more") {
  ReadBench bench;
  std::atomic<std::size_t> running = 0;
  std::atomic<std::size_t> most = 0;
  std::stop_source all_are_here;
  bench.service.says([&](const auto& request, const auto&) {
    const std::size_t now = ++running;
    for (std::size_t seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
    }
    if (now == jobs::kReadsAtOnce) all_are_here.request_stop();
    base::system_clock().sleep_until(base::system_clock().now() + kPatience,
                                     all_are_here.get_token());
    --running;
    return answer(shown(request));
  });
  REQUIRE(bench.read(ids_of(20)));
  CHECK(most == jobs::kReadsAtOnce);
}

TEST_CASE("a read that fails is told among the others, and is not tried again") {
  ReadBench bench;
  bench.service.says([](const auto& request, const auto&) -> Result<net::HttpResponse> {
    if (request.url.ends_with(id_of(1))) return answer({{"error", "Job not found"}}, 404);
    if (request.url.ends_with(id_of(2))) return Error{ErrorKind::unreachable, "refused"};
    return answer(shown(request));
  });
  const auto looks = bench.read(ids_of(4));
  REQUIRE(looks);
  CHECK((*looks)[0]);
  CHECK((*looks)[1].error().kind == ErrorKind::not_found);
  CHECK((*looks)[2].error().kind == ErrorKind::unreachable);
  CHECK((*looks)[3]);
  CHECK(bench.service.count() == 4);
}

TEST_CASE("a refused key fails the whole and ends it") {
  ReadBench bench;
  bench.service.says([](const auto&, const auto&) { return answer({{"error", "no"}}, 401); });
  const auto looks = bench.read(ids_of(20));
  REQUIRE_FALSE(looks);
  CHECK(looks.error().kind == ErrorKind::unauthenticated);
  CHECK(bench.service.count() <= jobs::kReadsAtOnce);
}

TEST_CASE("who gives up ends the reads under way") {
  ReadBench bench;
  bench.service.holds(answer(job("running")));
  std::stop_source stop;
  auto looks =
      std::async(std::launch::async, [&] { return bench.read(ids_of(20), stop.get_token()); });
  REQUIRE(bench.service.await_count(jobs::kReadsAtOnce));
  stop.request_stop();
  REQUIRE(looks.wait_for(kPatience) == std::future_status::ready);
  const auto end = looks.get();
  REQUIRE_FALSE(end);
  CHECK(end.error().kind == ErrorKind::cancelled);
  CHECK(bench.service.count() == jobs::kReadsAtOnce);
}

TEST_CASE("all reads together end within the time allowed, and what had none left was not sent") {
  fakes::SteppedClock clock;
  fakes::ScriptedHttpClient http;
  const motion::Client client(http, clock, {});
  jobs::FollowupBaselines baselines;
  const auto begun = clock.now();
  const auto ids = ids_of(20);
  // Each takes 6 s, one after the other as a clock of tests has it.
  for (std::size_t i = 0; i < ids.size(); ++i) {
    http.reply_with([&](const auto& request, const auto&) {
      clock.advance(6s);
      return answer(shown(request));
    });
  }
  const auto looks = jobs::read_jobs(client, baselines, clock, kKey, ids, {});
  REQUIRE(looks);
  for (const auto deadline : http.deadlines()) CHECK(deadline <= begun + jobs::kReadsWithin);
  CHECK(http.sent().size() < ids.size());
  const auto unread = std::count_if(looks->begin(), looks->end(), [](const Look& look) {
    return !look && look.error().kind == ErrorKind::interrupted;
  });
  CHECK(static_cast<std::size_t>(unread) == ids.size() - http.sent().size());
}
