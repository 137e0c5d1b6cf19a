#include "jobs/spend_guard.h"

#include <algorithm>
#include <utility>

#include "jobs/guard_words.h"

namespace motion_mcp::jobs {
namespace {

using std::chrono::seconds;

// Longer than any ledger is old.
constexpr seconds kEver = std::chrono::hours(24 * 365 * 50);

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
  base::WallTime at = {};
};

SpendGuard::SpendGuard(Ledger& ledger, const base::Clock& clock, Options options)
    : ledger_(ledger), clock_(clock), options_(options), memory_({}, clock) {}

Result<Placed> SpendGuard::place(const PaidOrder& paid, const std::stop_token& stop) {
  write_down_missed();
  NewOrder order = paid.order;
  Ledger::Rules rules{std::nullopt, options_.ceilings};
  const base::SteadyTime give_up = clock_.now() + kLongestWait;
  OneAtATime::Turn turn;
  if (options_.duplicate_window > seconds(0) && !paid.allow_duplicate) {
    rules.duplicate_window = options_.duplicate_window;
  }
  if ((rules.duplicate_window || paid.reconcile) && !paid.allow_duplicate) {
    // Held to the end: whoever waits here finds the outcome written down.
    turn = sending_.wait_for_turn(order.owner + order.digest, stop);
    if (!turn.has_begun()) return stopped();
    // Before the baseline is read, which would refuse a job that its own followup keeps at work.
    while (const auto found = TRY(wait_for_prior(paid, give_up, stop))) {
      if (auto placed = TRY(judge_prior(paid, *found))) return *std::move(placed);
    }
  }
  if (paid.approve && paid.prepare_writes) rules.asked_at = TRY(paid.approve());
  if (paid.prepare) TRY(paid.prepare(order));
  if (paid.approve && !paid.prepare_writes) rules.asked_at = TRY(paid.approve());

  Written written;
  for (;;) {
    const Admission admission = TRY(admit(order, rules, written));
    if (const auto* reached = std::get_if<CeilingReached>(&admission)) {
      return ceiling_reached(*reached, clock_.wall(), paid.words);
    }
    if (std::holds_alternative<ApprovalUsed>(admission)) return approval_used(paid.words);
    if (const auto* id = std::get_if<OrderId>(&admission)) {
      written.id = *id;
      break;
    }
    // Another process was faster.
    const auto& prior = std::get<PriorOrder>(admission);
    if (prior.state != OrderState::starting || clock_.now() >= give_up) {
      if (auto placed = TRY(judge_prior(paid, {prior, written.where}))) return *std::move(placed);
      continue;
    }
    if (!clock_.sleep_until(clock_.now() + kLookAgainAfter, stop)) return stopped();
  }

  Result<motion::Started> outcome = paid.send();
  const bool is_unknown = !outcome && outcome.error().spent == Spent::unknown;
  if (is_unknown && paid.reconcile) {
    // Only that it was taken can be known so soon.
    auto found = paid.reconcile(order.trace, seconds(0));
    if (found && found->started) outcome = *std::move(found->started);
  }
  close(order, outcome, written);
  if (!outcome) return std::move(outcome).error();
  return Placed{*std::move(outcome), std::nullopt, written.is_in_ledger, order.trace};
}

bool SpendGuard::was_placed(const NewOrder& order) {
  const auto prior = find_prior(order, kEver);
  return prior && *prior;
}

void SpendGuard::note_ready(std::string_view owner, std::string_view job_id,
                            std::string_view status) {
  for (Ledger* where : {&memory_, &ledger_}) {
    if (where == &memory_ && !memory_is_used_) continue;
    (void)where->note_status(owner, job_id, status, Ledger::Outcome::ready);
  }
}

Result<std::optional<SpendGuard::Found>> SpendGuard::find_prior(const NewOrder& order,
                                                                seconds window) {
  for (Ledger* where : {&memory_, &ledger_}) {
    if (where == &memory_ && !memory_is_used_) continue;
    auto prior = where->find_prior(order.owner, order.digest, window);
    // The ledger is not asked to work; memory is.
    if (!prior && where == &memory_) return std::move(prior).error();
    if (prior && *prior) return std::optional(Found{**std::move(prior), where});
  }
  return std::optional<Found>();
}

Result<std::optional<SpendGuard::Found>> SpendGuard::find_in_the_way(const PaidOrder& paid) {
  if (options_.duplicate_window > seconds(0)) {
    auto found = TRY(find_prior(paid.order, options_.duplicate_window));
    if (found) return found;
  }
  if (!paid.reconcile) return std::optional<Found>();
  auto found = TRY(find_prior(paid.order, kEver));
  if (found && found->prior.state == OrderState::started) found.reset();
  return found;
}

Result<std::optional<SpendGuard::Found>> SpendGuard::wait_for_prior(const PaidOrder& paid,
                                                                    base::SteadyTime give_up,
                                                                    const std::stop_token& stop) {
  for (;;) {
    auto found = TRY(find_in_the_way(paid));
    const bool may_end = found && found->prior.state == OrderState::starting;
    if (!may_end || clock_.now() >= give_up) return found;
    if (!clock_.sleep_until(clock_.now() + kLookAgainAfter, stop)) return stopped();
  }
}

Result<std::optional<Placed>> SpendGuard::judge_prior(const PaidOrder& paid, const Found& found) {
  PriorOrder prior = found.prior;
  if (prior.state == OrderState::uncertain && paid.reconcile) {
    const Reconciled known = TRY(paid.reconcile(prior.trace, age_of(prior, clock_.wall())));
    prior.state = known.started ? OrderState::started : OrderState::refused;
    if (known.started) {
      prior.job_id = known.started->job_id;
      prior.status = known.started->status;
    }
    const auto closed = found.where->close(prior.id, prior.state, prior.job_id, prior.status);
    // One that stays in the way would be asked about for ever.
    if (!known.started) {
      if (!closed) return closed.error();
      return std::optional<Placed>();
    }
  }
  return std::optional(TRY(answer_for(prior, paid)));
}

Result<Admission> SpendGuard::admit(const NewOrder& order, const Ledger::Rules& rules,
                                    Written& written) {
  const base::WallTime now = clock_.wall();
  auto admission = ledger_.admit(order, rules);
  if (admission) {
    written = {&ledger_, 0, true, now};
    return admission;
  }
  written = {&memory_, 0, false, now};
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
  if (closed && written.is_in_ledger) return;
  Missed missed{order, written.at, state, job_id, status, {}};
  if (written.is_in_ledger) missed.id = written.id;
  {
    const std::scoped_lock lock(missed_mutex_);
    missed_.push_back(std::move(missed));
  }
  if (!written.is_in_ledger) return;

  // The ledger still says `starting`, which is right for everyone but this process.
  written.is_in_ledger = false;
  memory_is_used_ = true;
  const auto admission = memory_.admit(order, {});
  if (!admission) return;
  if (const auto* id = std::get_if<OrderId>(&*admission)) {
    (void)memory_.close(*id, state, job_id, status);
  }
}

Result<Placed> SpendGuard::answer_for(const PriorOrder& prior, const PaidOrder& paid) const {
  const seconds age = age_of(prior, clock_.wall());
  if (prior.state != OrderState::started && !paid.repeats_are_free) {
    PriorOrder shown = prior;
    shown.job_id = paid.order.job_id;
    return outcome_of_prior_unknown(shown, age, options_.duplicate_window - age);
  }
  return Placed{{prior.job_id, prior.status, {}}, age, true, prior.trace};
}

// The first that fails ends it: what is left keeps its order for the next time.
void SpendGuard::write_down_missed() {
  const std::scoped_lock lock(missed_mutex_);
  std::size_t written = 0;
  for (const Missed& missed : missed_) {
    const auto done = missed.id
                          ? ledger_.close(*missed.id, missed.state, missed.job_id, missed.status)
                          : ledger_.add_past(missed.order, missed.ordered_at, missed.state,
                                             missed.job_id, missed.status);
    if (!done) break;
    ++written;
  }
  missed_.erase(missed_.begin(), missed_.begin() + static_cast<std::ptrdiff_t>(written));
}

}  // namespace motion_mcp::jobs
