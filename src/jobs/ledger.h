#pragma once

// The history of paid requests: what was ordered, when, and what became of it. The API has no list,
// so what is not written here before the POST may be lost for good (design decision 7).

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "base/sqlite.h"
#include "jobs/followup.h"
#include "jobs/job_list.h"
#include "jobs/order.h"

namespace motion_mcp::jobs {

// How long an order that nobody saw the end of counts as in flight.
inline constexpr std::chrono::hours kInFlightFor{1};

// How long an order that the service refused stays in the file, for who looks into it: nothing here
// asks for it.
inline constexpr std::chrono::hours kRefusedKeptFor{24};

// SQLite in WAL mode, shared by any number of processes; every commit is durable. Opened at first
// use, so that a process that only looks touches no disk. Thread-safe; a call takes a few
// milliseconds, under contention tens of them, and at most base::Database::kMaxBusy.
//
// Every function may fail (`unavailable`: disk full, folder read-only, file damaged, of a newer
// version, or removed while it was open); the message names the path, and is logged once. A failed
// call changed nothing. A file that could not be opened is tried again after kRetryAfter.
class Ledger {
 public:
  static constexpr const char* kInMemory = ":memory:";
  static constexpr std::chrono::minutes kRetryAfter{1};
  static constexpr std::size_t kPromptCodePoints = 200;

  struct Options {
    std::string path = kInMemory;
    bool keep_prompts = true;  // their first kPromptCodePoints
  };
  Ledger(Options options, const base::Clock& clock);

  // The newest order of this owner and digest that stands in the way of another one: started and
  // not seen to fail, or uncertain, within `window`; or starting. Refused ones never do.
  Result<std::optional<PriorOrder>> find_prior(std::string_view owner, std::string_view digest,
                                               std::chrono::seconds window);

  struct Rules {
    std::optional<std::chrono::seconds> duplicate_window;  // nullopt: duplicates are wanted
    Ceilings ceilings;
    // When a person was asked about this order; nullopt: nobody had to be. The approval is good for
    // one order of this owner and digest.
    std::optional<base::WallTime> asked_at = {};
  };
  // In one step, for all processes: looks for a prior order and at the ceilings, and writes the
  // order down as starting when nothing stands in its way.
  Result<Admission> admit(const NewOrder& order, const Rules& rules);

  // What became of an order that was admitted. `job_id` and `status` are those of a started one.
  Result<void> close(OrderId order, OrderState state, std::string_view job_id = {},
                     std::string_view status = {});

  // An order of before, which was sent while the ledger could not be used, as it is known now.
  Result<void> add_past(const NewOrder& order, base::WallTime ordered_at, OrderState state,
                        std::string_view job_id, std::string_view status);

  // The last followup of the job that was not refused; accepted when it is known to be started.
  Result<std::optional<Followup>> last_followup(std::string_view owner, std::string_view job_id);
  // The job was seen at work after its last followup, so that one was taken.
  Result<void> accept_followup(std::string_view owner, std::string_view job_id);

  // The orders of this owner that are being sent, or whose outcome is unknown.
  Result<std::vector<PriorOrder>> orders_in_doubt(std::string_view owner);

  // Whether an order of this owner is known to have started this job.
  Result<bool> has_job(std::string_view owner, std::string_view job_id);

  // What is kept of the prompt that the job was first ordered with; empty when that is nothing.
  Result<std::string> prompt_of(std::string_view owner, std::string_view job_id);

  // What a read of the job showed. Writes only what is new, and not to an order that is being sent:
  // what was read was before it.
  enum class Outcome { unfinished, ready, failed };
  Result<void> note_status(std::string_view owner, std::string_view job_id, std::string_view status,
                           Outcome outcome);

  // The jobs of this owner, newest first (job_list.h).
  Result<JobPage> list(std::string_view owner, const JobQuery& query);
  // The ids of this owner's jobs that begin with `prefix`, without regard to case, newest first: at
  // most `limit` of them, and how many there are.
  Result<JobIds> job_ids(std::string_view owner, std::string_view prefix, std::size_t limit);

 private:
  [[nodiscard]] std::string kept_of(const std::string& prompt) const;
  Result<base::Database*> opened();
  template <class Value>
  Result<Value> report(Result<Value> result);

  const Options options_;
  const base::Clock& clock_;
  std::mutex mutex_;  // what follows
  std::optional<base::Database> database_;
  std::optional<Error> open_error_;
  base::SteadyTime retry_at_{};
  std::string last_logged_;
};

}  // namespace motion_mcp::jobs
