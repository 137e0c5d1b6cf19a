#include "jobs/spend_guard.h"

#include <algorithm>
#include <utility>

#include "jobs/guard_words.h"

namespace motion_mcp::jobs {
namespace {

using std::chrono::seconds;

// How often another process's POST is looked after.
constexpr std::chrono::milliseconds kLookAgainAfter{100};

Error stopped() {
  return Error{ErrorKind::cancelled, "the call was cancelled before anything was sent"};
}

seconds age_of(const PriorOrder& prior, base::WallTime now) {
  return std::max(seconds(0), std::chrono::duration_cast<seconds>(now - prior.ordered_at));
}

}  // namespace

// Where an order was written down.
struct SpendGuard::Written {
  Ledger* where = nullptr;
  OrderId id = 0;
  bool is_in_ledger = true;
};

SpendGuard::SpendGuard(Ledger& ledger, const base::Clock& clock, Options options)
    : ledger_(ledger), clock_(clock), options_(options), memory_({}, clock) {}

Result<Placed> SpendGuard::place(const PaidOrder& paid, const std::stop_token& stop) {
  NewOrder order = paid.order;
  Ledger::Rules rules{std::nullopt, options_.ceilings};
  const base::SteadyTime give_up = clock_.now() + kLongestWait;
  OneAtATime::Turn turn;
  if (!paid.allow_duplicate && options_.duplicate_window > seconds(0)) {
    rules.duplicate_window = options_.duplicate_window;
    // Held to the end: whoever waits here finds the outcome written down.
    turn = sending_.wait_for_turn(order.owner + order.digest, stop);
    if (!turn.has_begun()) return stopped();
    // Before the baseline is read, which would refuse a job that its own followup keeps at work.
    if (const auto prior = TRY(wait_for_prior(order, give_up, stop)))
      return answer_for(*prior, order);
  }
  if (paid.read_baseline) order.baseline = TRY(paid.read_baseline());
  if (paid.approve) rules.asked_at = TRY(paid.approve());

  Written written;
  for (;;) {
    const Admission admission = TRY(admit(order, rules, written));
    if (const auto* reached = std::get_if<CeilingReached>(&admission)) {
      return ceiling_reached(*reached, clock_.wall());
    }
    if (std::holds_alternative<ApprovalUsed>(admission)) return approval_used();
    if (const auto* id = std::get_if<OrderId>(&admission)) {
      written.id = *id;
      break;
    }
    // Another process was faster.
    const auto& prior = std::get<PriorOrder>(admission);
    if (prior.state != OrderState::starting || clock_.now() >= give_up) {
      return answer_for(prior, order);
    }
    if (!clock_.sleep_until(clock_.now() + kLookAgainAfter, stop)) return stopped();
  }

  Result<motion::Started> outcome = paid.send();
  close(order, outcome, written);
  if (!outcome) return std::move(outcome).error();
  return Placed{*std::move(outcome), std::nullopt, written.is_in_ledger};
}

Result<std::optional<PriorOrder>> SpendGuard::find_prior(const NewOrder& order) {
  const seconds window = options_.duplicate_window;
  if (memory_is_used_) {
    auto prior = TRY(memory_.find_prior(order.owner, order.digest, window));
    if (prior) return prior;
  }
  auto prior = ledger_.find_prior(order.owner, order.digest, window);
  return prior ? prior : Result<std::optional<PriorOrder>>(std::optional<PriorOrder>());
}

Result<std::optional<PriorOrder>> SpendGuard::wait_for_prior(const NewOrder& order,
                                                             base::SteadyTime give_up,
                                                             const std::stop_token& stop) {
  for (;;) {
    auto prior = TRY(find_prior(order));
    if (!prior || prior->state != OrderState::starting || clock_.now() >= give_up) return prior;
    if (!clock_.sleep_until(clock_.now() + kLookAgainAfter, stop)) return stopped();
  }
}

Result<Admission> SpendGuard::admit(const NewOrder& order, const Ledger::Rules& rules,
                                    Written& written) {
  auto admission = ledger_.admit(order, rules);
  if (admission) {
    written = {&ledger_, 0, true};
    return admission;
  }
  written = {&memory_, 0, false};
  memory_is_used_ = true;
  return memory_.admit(order, rules);
}

void SpendGuard::close(const NewOrder& order, const Result<motion::Started>& outcome,
                       Written& written) {
  OrderState state = OrderState::started;
  std::string job_id;
  std::string status;
  if (outcome) {
    job_id = outcome->job_id;
    status = outcome->status;
  } else {
    state = outcome.error().spent == Spent::no ? OrderState::refused : OrderState::uncertain;
  }
  const auto closed = written.where->close(written.id, state, job_id, status);
  if (closed || written.where == &memory_) return;

  // The ledger still says `starting`, which is right for everyone but this process.
  written.is_in_ledger = false;
  memory_is_used_ = true;
  const auto admission = memory_.admit(order, {});
  if (!admission) return;
  if (const auto* id = std::get_if<OrderId>(&*admission)) {
    (void)memory_.close(*id, state, job_id, status);
  }
}

Result<Placed> SpendGuard::answer_for(const PriorOrder& prior, const NewOrder& order) const {
  const seconds age = age_of(prior, clock_.wall());
  if (prior.state != OrderState::started) {
    PriorOrder shown = prior;
    shown.job_id = order.job_id;
    return outcome_of_prior_unknown(shown, age, options_.duplicate_window - age);
  }
  return Placed{{prior.job_id, prior.status, {}}, age, true};
}

}  // namespace motion_mcp::jobs
