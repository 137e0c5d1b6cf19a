#include "jobs/read_jobs.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

#include "base/owner.h"
#include "base/worker_pool.h"

namespace motion_mcp::jobs {
namespace {

using std::chrono::seconds;

Error no_time_left() {
  return {ErrorKind::interrupted, "the service did not answer in time for this one",
          "Call get_video_status with its job_id."};
}

bool is_refusal_of_key(const Look& look) {
  return !look && (look.error().kind == ErrorKind::unauthenticated ||
                   look.error().kind == ErrorKind::no_credential);
}

// The reads between the threads that do them.
class Reads {
 public:
  Reads(const std::vector<std::string>& job_ids, const std::stop_token& stop)
      : job_ids_(job_ids), looks_(job_ids.size(), no_time_left()), forward_(stop, Forward{stop_}) {}

  [[nodiscard]] std::stop_token stop() const { return stop_.get_token(); }

  // The index of a job that nobody reads yet; nullopt when there is none, or no point in it.
  std::optional<std::size_t> take() {
    const std::lock_guard lock(mutex_);
    if (stop_.stop_requested() || next_ == job_ids_.size()) return std::nullopt;
    return next_++;
  }

  void put(std::size_t index, Look look) {
    const std::lock_guard lock(mutex_);
    if (is_refusal_of_key(look) && !refusal_) {
      refusal_ = look.error();
      stop_.request_stop();
    }
    looks_[index] = std::move(look);
  }

  // Once all threads are done.
  Result<std::vector<Look>> end() {
    if (refusal_) return *std::move(refusal_);
    if (stop_.stop_requested()) {
      return Error{ErrorKind::cancelled, "the call was given up before all jobs were read"};
    }
    return std::move(looks_);
  }

 private:
  struct Forward {
    std::stop_source& to;
    void operator()() const { to.request_stop(); }
  };

  const std::vector<std::string>& job_ids_;
  std::mutex mutex_;
  std::size_t next_ = 0;
  std::vector<Look> looks_;
  std::optional<Error> refusal_;
  std::stop_source stop_;
  std::stop_callback<Forward> forward_;
};

}  // namespace

Result<std::vector<Look>> read_jobs(const motion::Client& motion, FollowupBaselines& baselines,
                                    const base::Clock& clock, std::string_view api_key,
                                    const std::vector<std::string>& job_ids,
                                    const std::stop_token& stop) {
  const base::SteadyTime deadline = clock.now() + kReadsWithin;
  const std::string owner = base::owner_id(api_key);
  Reads reads(job_ids, stop);
  const auto read = [&](const std::string& job_id) -> Look {
    // A request that has to be dropped at once is not worth sending.
    const auto left = std::chrono::duration_cast<seconds>(deadline - clock.now());
    if (left < seconds(1)) return no_time_left();
    motion::Job job = TRY(motion.get_once(api_key, job_id, reads.stop(), left));
    return view_read(std::move(job), baselines, clock, owner, job_id);
  };
  const auto read_on = [&] {
    while (const auto index = reads.take()) reads.put(*index, read(job_ids[*index]));
  };
  {
    const std::size_t helpers =
        std::min(kReadsAtOnce, std::max<std::size_t>(job_ids.size(), 1)) - 1;
    base::WorkerPool pool({helpers, 0});
    // Without a helper it takes longer, but it goes.
    for (std::size_t i = 0; i < helpers; ++i) (void)pool.submit(read_on);
    read_on();
  }  // waits for the helpers
  return reads.end();
}

}  // namespace motion_mcp::jobs
