#pragma once

// Between a tool and a POST that costs money: the same order is paid once, and no more jobs are
// ordered than the operator allows (design decision 6).

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "jobs/ledger.h"
#include "jobs/one_at_a_time.h"
#include "jobs/order.h"
#include "motion/types.h"

namespace motion_mcp::jobs {

// What was found out about an order whose answer was lost.
struct Reconciled {
  // What the service started for it; nullopt when it certainly did not take it.
  std::optional<motion::Started> started;
};

// An order with the means to send it. The functions run on the thread of place(), and those that
// send at most once.
struct PaidOrder {
  NewOrder order;  // without what prepare adds
  bool allow_duplicate = false;
  // Adds what has to be known right before the POST: a followup's baseline, a trace. Its error ends
  // the order. Empty when there is nothing to add.
  std::function<Result<void>(NewOrder& order)> prepare;
  // prepare changes something at the service, so a person is asked before it and not after.
  bool prepare_writes = false;
  std::function<Result<motion::Started>()> send;
  // When a person is to agree to every order: when this one was asked. Its error (needs_approval)
  // ends the order. Called when nothing else stands in the way; empty when nobody is to be asked.
  std::function<Result<base::WallTime>()> approve = {};
  // Finds out by its trace whether an order of unknown outcome, sent `age` ago, was taken. An error
  // when that cannot be known, or not yet. Empty where the service has no way to tell.
  std::function<Result<Reconciled>(const std::string& trace, std::chrono::seconds age)> reconcile =
      {};
  // The service does not charge again for what it was asked for before: an order in doubt is no
  // obstacle, and counts as one that was sent.
  bool repeats_are_free = false;
  OrderWords words = {};
};

struct Placed {
  motion::Started started;
  // Set when nothing was sent: the job is the one that the same arguments ordered so long ago.
  std::optional<std::chrono::seconds> ordered_before;
  // False when the ledger failed: this order may be missing there, and is guarded here alone.
  bool is_in_ledger = true;
  std::string trace = {};  // NewOrder::trace of the order that started it
};

// Thread-safe; ledger and clock must outlive it. While the ledger fails, an account in memory takes
// its place, so that the guard still knows what this process did; the next order that finds the
// ledger at work again writes down there what it missed.
class SpendGuard {
 public:
  // Hosts give up on a call after 30 s or more.
  static constexpr std::chrono::seconds kLongestWait{20};

  struct Options {
    std::chrono::seconds duplicate_window{600};  // 0: the same order may be repeated
    Ceilings ceilings;
  };
  SpendGuard(Ledger& ledger, const base::Clock& clock, Options options);

  // Sends the order once, after it was written down, unless
  // - the same one was started within the window: then its job is the answer, and nothing is sent.
  //   One that is being sent is waited for: here until it is answered, in another process for
  //   kLongestWait, after which it counts as unknown;
  // - the same one was sent within the window, or at any time where there is a reconcile, its
  //   outcome is unknown and reconcile cannot tell: outcome_unknown, with what is known and where
  //   to look. What it can tell is written down; one that was not taken is no longer in the way;
  // - the approval was used by an order that was sent since: needs_approval;
  // - a ceiling is reached: rate_limited, with retry_after where the time is known.
  // Otherwise what `send` returns, or what reconcile finds when that is an unknown outcome. All of
  // these send nothing either; a stop ends a wait.
  Result<Placed> place(const PaidOrder& paid, const std::stop_token& stop);

  // Whether the same order was ever sent and not refused, at any time: for a service where
  // repeating it is free. One that is being sent counts.
  bool was_placed(const NewOrder& order);
  // A job that an order started has ended well, so that it counts as in flight no longer.
  void note_ready(std::string_view owner, std::string_view job_id, std::string_view status);

 private:
  struct Written;

  // What became of an order, where the ledger does not say so.
  struct Missed {
    NewOrder order;
    base::WallTime ordered_at;
    OrderState state = OrderState::uncertain;
    std::string job_id;
    std::string status;
    std::optional<OrderId> id;  // of its row, which says `starting`
  };

  struct Found {
    PriorOrder prior;
    Ledger* where = nullptr;
  };

  Result<std::optional<Found>> find_prior(const NewOrder& order, std::chrono::seconds window);
  // The order within the window that is the same; or, where reconcile can tell what became of it,
  // one of unknown outcome of any time.
  Result<std::optional<Found>> find_in_the_way(const PaidOrder& paid);
  Result<std::optional<Found>> wait_for_prior(const PaidOrder& paid, base::SteadyTime give_up,
                                              const std::stop_token& stop);
  // The answer that a prior order gives, nullopt when it turns out not to be in the way.
  Result<std::optional<Placed>> judge_prior(const PaidOrder& paid, const Found& found);
  Result<Admission> admit(const NewOrder& order, const Ledger::Rules& rules, Written& written);
  void close(const NewOrder& order, const Result<motion::Started>& outcome, Written& written);
  Result<Placed> answer_for(const PriorOrder& prior, const PaidOrder& paid) const;
  void write_down_missed();

  Ledger& ledger_;
  const base::Clock& clock_;
  const Options options_;
  Ledger memory_;  // for when ledger_ fails
  std::atomic<bool> memory_is_used_ = false;
  OneAtATime sending_;
  std::mutex missed_mutex_;
  std::vector<Missed> missed_;  // in the order in which they were sent
};

}  // namespace motion_mcp::jobs
