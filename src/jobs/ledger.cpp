#include "jobs/ledger.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/log.h"
#include "base/random.h"
#include "base/text.h"
#include "jobs/ledger_file.h"
#include "jobs/stored_time.h"
#include "net/ascii.h"

namespace motion_mcp::jobs {
namespace {

using base::Database;
using base::Row;
using base::Transaction;

Database::Value text_or_null(std::string_view text) {
  return text.empty() ? Database::Value(nullptr) : Database::Value(text);
}

Database::Value optional_value(const std::optional<std::string>& text) {
  return text ? Database::Value(std::string_view(*text)) : Database::Value(nullptr);
}

// Ids that are UUIDs are the same in either case; another service's may not be.
std::string stored_id(std::string_view job_id) {
  return base::is_uuid(job_id) ? net::to_lower(job_id) : std::string(job_id);
}

constexpr std::array<std::string_view, 4> kStates = {"starting", "started", "refused", "uncertain"};

std::string_view word_of(OrderState state) {
  return kStates.at(static_cast<std::size_t>(state));
}

Database::Value word_of(Ledger::Outcome outcome) {
  switch (outcome) {
    case Ledger::Outcome::unfinished:
      return nullptr;
    case Ledger::Outcome::ready:
      return "ready";
    case Ledger::Outcome::failed:
      return "failed";
  }
  return nullptr;
}

// The state as it counts now: nobody ends the `starting` of a process that died.
OrderState counted_state(std::string_view word, base::WallTime ordered_at, base::WallTime now) {
  if (word == word_of(OrderState::started)) return OrderState::started;
  if (word == word_of(OrderState::refused)) return OrderState::refused;
  const bool may_still_run =
      word == word_of(OrderState::starting) && now - ordered_at < kStartingFor;
  return may_still_run ? OrderState::starting : OrderState::uncertain;
}

// Of a row that begins with state, job_id, status, ordered_at, id, trace.
PriorOrder prior_from(const Row& row, base::WallTime now) {
  PriorOrder prior;
  prior.ordered_at = from_stored(row.integer(3));
  prior.state = counted_state(row.text(0), prior.ordered_at, now);
  prior.job_id = row.text(1);
  prior.status = row.text(2);
  prior.id = row.integer(4);
  prior.trace = row.text(5);
  return prior;
}

Result<std::optional<PriorOrder>> prior_in(Database& database, std::string_view owner,
                                           std::string_view digest, base::WallTime now,
                                           std::chrono::seconds window) {
  const auto rows = TRY(database.query(
      "SELECT state, job_id, status, ordered_at, id, trace FROM orders WHERE owner = ?1 AND digest "
      "= ?2 "
      "AND (ordered_at > ?3 AND state IN ('started', 'uncertain') AND outcome IS NOT 'failed' "
      "OR ordered_at > ?4 AND state = 'starting') ORDER BY id DESC LIMIT 1",
      {owner, digest, to_stored(now - window), to_stored(now - std::max(window, kStartingFor))}));
  if (rows.empty()) return std::optional<PriorOrder>();
  return std::optional(prior_from(rows.front(), now));
}

Result<bool> was_sent_since(Database& database, const NewOrder& order, base::WallTime time) {
  const auto rows = TRY(
      database.query("SELECT 1 FROM orders WHERE owner = ?1 AND digest = ?2 AND ordered_at >= ?3 "
                     "AND state != 'refused' LIMIT 1",
                     {order.owner, order.digest, to_stored(time)}));
  return !rows.empty();
}

// The ceiling on orders since `now - span`, when `ceiling` of them were made.
Result<std::optional<CeilingReached>> reached_over_time(Database& database, std::string_view owner,
                                                        base::WallTime now, std::chrono::hours span,
                                                        CeilingReached::Kind kind,
                                                        std::int64_t ceiling) {
  if (ceiling <= 0) return std::optional<CeilingReached>();
  // A place frees when the ceiling-th newest is old enough.
  const auto rows = TRY(database.query(
      "SELECT ordered_at FROM orders WHERE owner = ?1 AND ordered_at > ?2 AND state != 'refused' "
      "ORDER BY ordered_at DESC LIMIT 1 OFFSET ?3",
      {owner, to_stored(now - span), ceiling - 1}));
  if (rows.empty()) return std::optional<CeilingReached>();
  CeilingReached reached{kind, ceiling, from_stored(rows.front().integer(0)) + span, {}};
  return std::optional(std::move(reached));
}

Result<std::optional<CeilingReached>> reached_in_flight(Database& database, std::string_view owner,
                                                        base::WallTime now, std::int64_t ceiling) {
  if (ceiling <= 0) return std::optional<CeilingReached>();
  // A job stands as its newest order does: what was seen of it since is noted there alone.
  const auto rows = TRY(database.query(
      "SELECT job_id FROM orders AS newest WHERE owner = ?1 "
      "AND (state = 'started' AND outcome IS NULL AND ordered_at > ?2 "
      "OR state = 'starting' AND ordered_at > ?3) "
      "AND NOT EXISTS (SELECT 1 FROM orders AS later WHERE later.owner = ?1 "
      "AND later.job_id = newest.job_id AND later.id > newest.id AND later.state != 'refused') "
      "ORDER BY id",
      {owner, to_stored(now - kInFlightFor), to_stored(now - kStartingFor)}));
  if (static_cast<std::int64_t>(rows.size()) < ceiling) return std::optional<CeilingReached>();
  CeilingReached reached{CeilingReached::Kind::in_flight, ceiling, std::nullopt, {}};
  const auto oldest =
      std::find_if(rows.begin(), rows.end(), [](const Row& row) { return !row.text(0).empty(); });
  if (oldest != rows.end()) reached.job_id = oldest->text(0);
  return std::optional(std::move(reached));
}

Result<std::optional<CeilingReached>> reached_in(Database& database, std::string_view owner,
                                                 base::WallTime now, const Ceilings& ceilings) {
  using Kind = CeilingReached::Kind;
  auto reached = TRY(reached_over_time(database, owner, now, std::chrono::hours(24), Kind::per_day,
                                       ceilings.per_day));
  if (!reached) {
    reached = TRY(reached_over_time(database, owner, now, std::chrono::hours(1), Kind::per_hour,
                                    ceilings.per_hour));
  }
  if (!reached) reached = TRY(reached_in_flight(database, owner, now, ceilings.in_flight));
  return reached;
}

Result<OrderId> insert(Database& database, const NewOrder& order, std::string_view prompt,
                       base::WallTime now) {
  const motion::FollowupBaseline before = order.baseline.value_or(motion::FollowupBaseline{});
  const std::string job_id = stored_id(order.job_id);
  TRY(database.run(
      "INSERT INTO orders (owner, tool, digest, state, job_id, prompt, ordered_at, follows, "
      "before_completed_at, before_output_completed_at, trace) "
      "VALUES (?1, ?2, ?3, 'starting', ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
      {order.owner, order.tool, order.digest, text_or_null(job_id), text_or_null(prompt),
       to_stored(now), std::int64_t{order.baseline ? 1 : 0}, optional_value(before.completed_at),
       optional_value(before.output_completed_at), text_or_null(order.trace)}));
  return database.last_insert_id();
}

Result<void> close_in(Database& database, OrderId order, OrderState state, std::string_view job_id,
                      std::string_view status, base::WallTime now) {
  const std::string id = stored_id(job_id);
  return database.run(
      "UPDATE orders SET state = ?2, job_id = coalesce(?3, job_id), status = ?4, answered_at = ?5, "
      "status_at = iif(?4 IS NULL, NULL, ?5) WHERE id = ?1",
      {order, word_of(state), text_or_null(id), text_or_null(status), to_stored(now)});
}

}  // namespace

Ledger::Ledger(Options options, const base::Clock& clock)
    : options_(std::move(options)), clock_(clock) {}

Result<std::optional<PriorOrder>> Ledger::find_prior(std::string_view owner,
                                                     std::string_view digest,
                                                     std::chrono::seconds window) {
  const std::scoped_lock lock(mutex_);
  Database* database = TRY(opened());
  return report(prior_in(*database, owner, digest, clock_.wall(), window));
}

Result<Admission> Ledger::admit(const NewOrder& order, const Rules& rules) {
  const std::scoped_lock lock(mutex_);
  Database* database = TRY(opened());
  const auto attempt = [&]() -> Result<Admission> {
    Transaction transaction = TRY(Transaction::begin(*database));
    const base::WallTime now = clock_.wall();
    if (rules.duplicate_window) {
      auto prior =
          TRY(prior_in(*database, order.owner, order.digest, now, *rules.duplicate_window));
      if (prior) return Admission(*std::move(prior));
    }
    if (rules.asked_at && TRY(was_sent_since(*database, order, *rules.asked_at))) {
      return Admission(ApprovalUsed{});
    }
    auto reached = TRY(reached_in(*database, order.owner, now, rules.ceilings));
    if (reached) return Admission(*std::move(reached));
    const OrderId id = TRY(insert(*database, order, kept_of(order.prompt), now));
    // Not before the insert: the id of a row that went is never given again so.
    TRY(database->run("DELETE FROM orders WHERE state = 'refused' AND ordered_at <= ?1",
                      {to_stored(now - kRefusedKeptFor)}));
    TRY(transaction.commit());
    return Admission(id);
  };
  return report(attempt());
}

Result<void> Ledger::close(OrderId order, OrderState state, std::string_view job_id,
                           std::string_view status) {
  const std::scoped_lock lock(mutex_);
  Database* database = TRY(opened());
  return report(close_in(*database, order, state, job_id, status, clock_.wall()));
}

Result<void> Ledger::add_past(const NewOrder& order, base::WallTime ordered_at, OrderState state,
                              std::string_view job_id, std::string_view status) {
  const std::scoped_lock lock(mutex_);
  Database* database = TRY(opened());
  const auto attempt = [&]() -> Result<void> {
    Transaction transaction = TRY(Transaction::begin(*database));
    const OrderId id = TRY(insert(*database, order, kept_of(order.prompt), ordered_at));
    TRY(close_in(*database, id, state, job_id, status, clock_.wall()));
    return transaction.commit();
  };
  return report(attempt());
}

Result<std::optional<Followup>> Ledger::last_followup(std::string_view owner,
                                                      std::string_view job_id) {
  const std::scoped_lock lock(mutex_);
  Database* database = TRY(opened());
  const auto attempt = [&]() -> Result<std::optional<Followup>> {
    const auto rows = TRY(database->query(
        "SELECT state, ordered_at, before_completed_at, before_output_completed_at FROM orders "
        "WHERE owner = ?1 AND job_id = ?2 AND follows = 1 AND state != 'refused' "
        "ORDER BY id DESC LIMIT 1",
        {owner, std::string_view(stored_id(job_id))}));
    if (rows.empty()) return std::optional<Followup>();
    const Row& row = rows.front();
    Followup followup{{row.optional_text(2), row.optional_text(3)},
                      from_stored(row.integer(1)),
                      row.text(0) == word_of(OrderState::started)};
    return std::optional(std::move(followup));
  };
  return report(attempt());
}

Result<void> Ledger::accept_followup(std::string_view owner, std::string_view job_id) {
  const std::scoped_lock lock(mutex_);
  Database* database = TRY(opened());
  return report(database->run(
      "UPDATE orders SET state = 'started', answered_at = ?3 WHERE state != 'started' AND id = "
      "(SELECT id FROM orders WHERE owner = ?1 AND job_id = ?2 AND follows = 1 "
      "AND state != 'refused' ORDER BY id DESC LIMIT 1)",
      {owner, std::string_view(stored_id(job_id)), to_stored(clock_.wall())}));
}

Result<std::vector<PriorOrder>> Ledger::orders_in_doubt(std::string_view owner) {
  const std::scoped_lock lock(mutex_);
  Database* database = TRY(opened());
  const auto rows = TRY(report(
      database->query("SELECT state, job_id, status, ordered_at, id, trace FROM orders WHERE "
                      "owner = ?1 AND state IN ('starting', 'uncertain')",
                      {owner})));
  std::vector<PriorOrder> orders;
  for (const Row& row : rows) orders.push_back(prior_from(row, clock_.wall()));
  return orders;
}

Result<bool> Ledger::has_job(std::string_view owner, std::string_view job_id) {
  const std::scoped_lock lock(mutex_);
  Database* database = TRY(opened());
  const auto rows = TRY(report(database->query(
      "SELECT 1 FROM orders WHERE owner = ?1 AND job_id = ?2 AND state = 'started' LIMIT 1",
      {owner, std::string_view(stored_id(job_id))})));
  return !rows.empty();
}

Result<std::string> Ledger::prompt_of(std::string_view owner, std::string_view job_id) {
  const std::scoped_lock lock(mutex_);
  Database* database = TRY(opened());
  const auto rows = TRY(report(database->query(
      "SELECT prompt FROM orders WHERE owner = ?1 AND job_id = ?2 AND state != 'refused' "
      "AND prompt IS NOT NULL ORDER BY id LIMIT 1",
      {owner, std::string_view(stored_id(job_id))})));
  return rows.empty() ? std::string() : rows.front().text(0);
}

Result<void> Ledger::note_status(std::string_view owner, std::string_view job_id,
                                 std::string_view status, Outcome outcome) {
  const std::scoped_lock lock(mutex_);
  Database* database = TRY(opened());
  const auto attempt = [&]() -> Result<void> {
    // Reading waits for nobody; a write is worth its cost only when something is new.
    const auto rows = TRY(database->query(
        "SELECT id, status IS ?3 AND outcome IS ?4 FROM orders WHERE owner = ?1 AND job_id = ?2 "
        "AND (state IN ('started', 'uncertain') OR state = 'starting' AND ordered_at <= ?5) "
        "ORDER BY id DESC LIMIT 1",
        {owner, std::string_view(stored_id(job_id)), status, word_of(outcome),
         to_stored(clock_.wall() - kStartingFor)}));
    if (rows.empty() || rows.front().integer(1) == 1) return {};
    return database->run(
        "UPDATE orders SET status = ?2, outcome = ?3, status_at = ?4 WHERE id = ?1",
        {rows.front().integer(0), status, word_of(outcome), to_stored(clock_.wall())});
  };
  return report(attempt());
}

Result<JobPage> Ledger::list(std::string_view owner, const JobQuery& query) {
  const std::scoped_lock lock(mutex_);
  Database* database = TRY(opened());
  return report(list_jobs(*database, owner, query, clock_.wall()));
}

Result<JobIds> Ledger::job_ids(std::string_view owner, std::string_view prefix, std::size_t limit) {
  const std::scoped_lock lock(mutex_);
  Database* database = TRY(opened());
  return report(find_job_ids(*database, owner, prefix, limit));
}

std::string Ledger::kept_of(const std::string& prompt) const {
  return options_.keep_prompts ? base::clip(prompt, kPromptCodePoints) : "";
}

Result<Database*> Ledger::opened() {
  if (database_) {
    if (!database_->has_moved()) return &*database_;
    // Another file of that name knows other orders by the ids of those under way here.
    return report(Result<Database*>(
        Error{ErrorKind::unavailable,
              "it was removed or replaced while this server had it open, which has to be started "
              "anew"}));
  }
  if (open_error_ && clock_.now() < retry_at_) return *open_error_;
  auto database = report(open_ledger_file(options_.path));
  if (!database) {
    open_error_ = database.error();
    retry_at_ = clock_.now() + kRetryAfter;
    return *open_error_;
  }
  open_error_.reset();
  database_.emplace(*std::move(database));
  return &*database_;
}

// Names the ledger in every error, and says each once in the log.
template <class Value>
Result<Value> Ledger::report(Result<Value> result) {
  if (result) return result;
  Error error = std::move(result).error();
  if (!error.message.starts_with("the ledger ")) {
    error.message = "the ledger " + options_.path + " cannot be used: " + error.message;
  }
  if (error.message != last_logged_) {
    last_logged_ = error.message;
    base::log_warning(error.message +
                      ". The server goes on without history; the guard against paying twice knows "
                      "only this process meanwhile.");
  }
  return error;
}

}  // namespace motion_mcp::jobs
