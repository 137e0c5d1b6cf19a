#include "jobs/job_list.h"

#include <array>
#include <charconv>
#include <utility>

#include "base/base64.h"
#include "jobs/stored_time.h"
#include "net/ascii.h"

namespace motion_mcp::jobs {
namespace {

using base::Database;
using base::Row;

constexpr std::array<std::string_view, 4> kStandings = {"unfinished", "ready", "failed",
                                                        "uncertain"};

// A job has its place by its newest order up to ?2, so that a followup in the meantime neither
// hides it nor shows it twice, and is described by its newest order of all. An order without a job
// is its own.
constexpr std::string_view kList = R"sql(
SELECT place.id, newest.job_id, newest.ordered_at, newest.status, newest.status_at,
  CASE WHEN newest.state = 'starting' AND newest.ordered_at <= ?4 THEN 'uncertain'
    ELSE newest.state END AS counted,
  CASE WHEN newest.outcome IS NOT NULL THEN newest.outcome
    WHEN newest.state = 'started' OR newest.state = 'starting' AND newest.ordered_at > ?4
    THEN 'unfinished' ELSE 'uncertain' END AS standing,
  (SELECT count(*) FROM orders WHERE owner = ?1 AND job_id = newest.job_id AND follows = 1
    AND state != 'refused'),
  coalesce((SELECT prompt FROM orders WHERE owner = ?1 AND job_id = newest.job_id
    AND state != 'refused' ORDER BY id LIMIT 1), newest.prompt),
  iif(newest.follows = 1, newest.prompt, NULL)
FROM orders AS place JOIN orders AS newest ON newest.id = coalesce(
  (SELECT max(id) FROM orders WHERE owner = ?1 AND job_id = place.job_id AND state != 'refused'),
  place.id)
WHERE place.owner = ?1 AND place.state != 'refused' AND place.id < ?3
  AND NOT EXISTS (SELECT 1 FROM orders AS later WHERE later.owner = ?1
    AND later.job_id = place.job_id AND later.id > place.id AND later.id <= ?2
    AND later.state != 'refused')
  AND (?5 IS NULL OR standing = ?5)
ORDER BY place.id DESC LIMIT ?6
)sql";

// The words of the column `counted`.
OrderState state_of(std::string_view word) {
  if (word == "started") return OrderState::started;
  return word == "starting" ? OrderState::starting : OrderState::uncertain;
}

ListedJob job_of(const Row& row) {
  ListedJob job;
  job.job_id = row.text(1);
  job.ordered_at = from_stored(row.integer(2));
  job.status = row.text(3);
  if (const auto said_at = row.optional_integer(4)) job.status_at = from_stored(*said_at);
  job.state = state_of(row.text(5));
  job.standing = parse_standing(row.text(6)).value_or(Standing::uncertain);
  job.followups = row.integer(7);
  job.prompt = row.text(8);
  job.revision = row.text(9);
  return job;
}

std::optional<OrderId> take_id(std::string_view digits) {
  OrderId id = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stopped, fault] = std::from_chars(digits.data(), end, id);
  const bool is_id = fault == std::errc() && stopped == end && id > 0;
  return is_id ? std::optional(id) : std::nullopt;
}

// The cursor before the newest order; nullopt when there is none.
Result<std::optional<ListCursor>> first_cursor(Database& database, std::string_view owner) {
  const auto rows = TRY(database.query(
      "SELECT id FROM orders WHERE owner = ?1 AND state != 'refused' ORDER BY id DESC LIMIT 1",
      {owner}));
  if (rows.empty()) return std::optional<ListCursor>();
  const OrderId newest = rows.front().integer(0);
  return std::optional(ListCursor{newest, newest + 1});
}

}  // namespace

std::string_view to_string(Standing standing) {
  return kStandings.at(static_cast<std::size_t>(standing));
}

std::optional<Standing> parse_standing(std::string_view word) {
  for (std::size_t i = 0; i < kStandings.size(); ++i) {
    if (kStandings.at(i) == word) return static_cast<Standing>(i);
  }
  return std::nullopt;
}

std::string to_text(const ListCursor& cursor) {
  return base::encode_base64url(std::to_string(cursor.newest) + "." +
                                std::to_string(cursor.before));
}

std::optional<ListCursor> parse_cursor(std::string_view text) {
  const auto plain = base::decode_base64url(text);
  if (!plain) return std::nullopt;
  const std::size_t dot = plain->find('.');
  if (dot == std::string::npos) return std::nullopt;
  const auto newest = take_id(std::string_view(*plain).substr(0, dot));
  const auto before = take_id(std::string_view(*plain).substr(dot + 1));
  if (!newest || !before || *before > *newest) return std::nullopt;
  return ListCursor{*newest, *before};
}

Result<JobPage> list_jobs(Database& database, std::string_view owner, const JobQuery& query,
                          base::WallTime now) {
  JobPage page;
  auto cursor = query.cursor;
  if (!cursor) cursor = TRY(first_cursor(database, owner));
  if (!cursor) return page;
  const auto standing =
      query.standing ? Database::Value(to_string(*query.standing)) : Database::Value(nullptr);
  // One more than asked for tells whether there is a next page.
  const auto rows = TRY(
      database.query(kList, {owner, cursor->newest, cursor->before, to_stored(now - kStartingFor),
                             standing, static_cast<std::int64_t>(query.limit) + 1}));
  for (const Row& row : rows) {
    if (page.jobs.size() == query.limit) {
      page.next = cursor;
      break;
    }
    page.jobs.push_back(job_of(row));
    cursor->before = row.integer(0);
  }
  return page;
}

Result<JobIds> find_job_ids(Database& database, std::string_view owner, std::string_view prefix,
                            std::size_t limit) {
  const std::string first = net::to_lower(prefix);
  const std::string last = first + "\U0010FFFF";
  const auto rows = TRY(database.query(
      "SELECT job_id, count(*) OVER () FROM (SELECT job_id, max(id) AS newest FROM orders "
      "WHERE owner = ?1 AND job_id >= ?2 AND job_id < ?3 AND state != 'refused' GROUP BY job_id) "
      "ORDER BY newest DESC LIMIT ?4",
      {owner, std::string_view(first), std::string_view(last), static_cast<std::int64_t>(limit)}));
  JobIds found;
  for (const Row& row : rows) {
    found.ids.push_back(row.text(0));
    found.total = static_cast<std::size_t>(row.integer(1));
  }
  return found;
}

}  // namespace motion_mcp::jobs
