#pragma once

// A watcher on a scripted service, with time that the test moves.

#include <doctest/doctest.h>

#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <string>
#include <vector>

#include "base/json_value.h"
#include "fakes/stepped_clock.h"
#include "jobs/wait.h"
#include "net/http_client.h"

namespace motion_mcp::test {

using namespace std::chrono_literals;

inline constexpr auto kPatience = 30s;
inline constexpr const char* kKey = "motion_canary_key";
inline constexpr const char* kOtherKey = "motion_canary_other";
inline constexpr const char* kJobId = "405d47cf-f72b-4852-b570-0de2446dbba1";
inline constexpr const char* kOtherJobId = "405d47cf-f72b-4852-b570-0de2446dbba2";

inline Json job(const std::string& status) {
  return {{"job_id", kJobId}, {"status", status}, {"created_at", "2026-04-28T23:01:04Z"}};
}

inline Json ready_job() {
  Json body = job("completed");
  body["completed_at"] = "2026-04-28T23:05:00Z";
  body["output"] = {{"status", "completed"},
                    {"download_url", "https://e.com/a"},
                    {"completed_at", "2026-04-28T23:06:00Z"}};
  return body;
}

inline net::HttpResponse answer(const Json& body, int status = 200, net::Headers headers = {}) {
  return {status, std::move(headers), body.dump()};
}

// Answers every GET as the test says at the moment; thread-safe.
class Service final : public net::HttpClient {
 public:
  using Answer =
      std::function<Result<net::HttpResponse>(const net::HttpRequest&, const std::stop_token&)>;

  void says(Answer answer) {
    const std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
  }
  void says(const net::HttpResponse& response) {
    says([response](const auto&, const auto&) { return response; });
  }
  void says(const Error& error) {
    says([error](const auto&, const auto&) { return error; });
  }
  // Every GET from now on begins and does not end before the returned gate opens or it is stopped.
  std::stop_source holds(const net::HttpResponse& response) {
    std::stop_source gate;
    says([gate, response](const auto&, const std::stop_token& stop) -> Result<net::HttpResponse> {
      std::stop_source either;
      const std::stop_callback opened(gate.get_token(), [&] { either.request_stop(); });
      const std::stop_callback stopped(stop, [&] { either.request_stop(); });
      base::system_clock().sleep_until(base::system_clock().now() + kPatience, either.get_token());
      if (stop.stop_requested()) return Error{ErrorKind::cancelled, "stopped"};
      return response;
    });
    return gate;
  }

  Result<net::HttpResponse> send(const net::HttpRequest& request, base::SteadyTime,
                                 const std::stop_token& stop, const net::BodySink&) override {
    Answer answer;
    {
      const std::lock_guard lock(mutex_);
      sent_.push_back(request);
      answer = answer_;
      changed_.notify_all();
    }
    return answer(request, stop);
  }

  [[nodiscard]] std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return sent_.size();
  }
  [[nodiscard]] std::vector<net::HttpRequest> sent() const {
    const std::lock_guard lock(mutex_);
    return sent_;
  }
  [[nodiscard]] bool await_count(std::size_t count) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return sent_.size() >= count; });
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  Answer answer_;
  std::vector<net::HttpRequest> sent_;
};

// What a listener was told.
class Heard {
 public:
  jobs::Watcher::Listener listener() {
    return [this](const jobs::SharedLook& look) {
      const std::lock_guard lock(mutex_);
      looks_.push_back(look);
      changed_.notify_all();
    };
  }
  [[nodiscard]] bool await_count(std::size_t count) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return looks_.size() >= count; });
  }
  [[nodiscard]] std::vector<jobs::SharedLook> looks() const {
    const std::lock_guard lock(mutex_);
    return looks_;
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<jobs::SharedLook> looks_;
};

struct Beat {
  std::chrono::milliseconds waited;
  bool has_view;
};

// How the heart of a wait has beaten.
class Beats {
 public:
  void add(Beat beat) {
    const std::lock_guard lock(mutex_);
    beats_.push_back(beat);
    changed_.notify_all();
  }
  [[nodiscard]] bool await_count(std::size_t count) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return beats_.size() >= count; });
  }
  [[nodiscard]] std::vector<Beat> all() const {
    const std::lock_guard lock(mutex_);
    return beats_;
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<Beat> beats_;
};

struct WatchBench {
  fakes::SteppedClock clock;
  Service service;
  motion::Client client{service, clock, {}};
  jobs::FollowupBaselines baselines;
  std::unique_ptr<jobs::Watcher> watcher;

  explicit WatchBench(std::size_t max_jobs = 100, double random_unit = 0.5)
      : watcher(std::make_unique<jobs::Watcher>(
            client, baselines, clock,
            jobs::Watcher::Options{max_jobs, 4, [=] { return random_unit; }})) {
    service.says(answer(job("running")));
  }

  jobs::Watcher::Joined join(Heard& heard, const char* key = kKey, const char* job_id = kJobId) {
    auto joined = watcher->join(key, job_id, heard.listener());
    REQUIRE(joined);
    return *std::move(joined);
  }

  struct Wait {
    std::stop_source stop;
    std::shared_ptr<Beats> beats = std::make_shared<Beats>();
    std::future<Result<jobs::WaitEnd>> end;

    Wait() = default;
    Wait(Wait&&) = default;
    Wait& operator=(Wait&&) = delete;
    ~Wait() { stop.request_stop(); }  // a test that failed must not wait for it

    Result<jobs::WaitEnd> get() {
      REQUIRE(end.wait_for(kPatience) == std::future_status::ready);
      return end.get();
    }
  };
  Wait wait(std::chrono::seconds length = 50s, const char* key = kKey) {
    Wait wait;
    wait.end = std::async(std::launch::async,
                          [this, length, key, stop = wait.stop.get_token(), beats = wait.beats] {
                            return jobs::wait_for_end(*watcher, clock, key, kJobId, length, stop,
                                                      [&](auto waited, const auto* view) {
                                                        beats->add({waited, view != nullptr});
                                                      });
                          });
    return wait;
  }

  // Moves the time on, once whoever keeps it sleeps exactly until then.
  void to_next_read(std::chrono::milliseconds after) {
    REQUIRE(clock.await_sleepers(after));
    clock.advance(after);
  }
};

}  // namespace motion_mcp::test
