#include "net/backoff.h"

#include <algorithm>

#include "net/http_date.h"

namespace motion_mcp::net {
namespace {

using namespace std::chrono;

constexpr std::string_view kBlank = " \t";
constexpr int kMaxDoublings = 20;

// `since` is what a date is counted from.
std::optional<seconds> parse_retry_after(std::string_view value, base::WallTime now,
                                         sys_seconds since) {
  value.remove_prefix(std::min(value.find_first_not_of(kBlank), value.size()));
  value = value.substr(0, value.find_last_not_of(kBlank) + 1);
  if (value.empty()) return std::nullopt;

  if (value.find_first_not_of("0123456789") == std::string_view::npos) {
    seconds::rep count = 0;
    for (const char c : value) {
      count = std::min<seconds::rep>(count * 10 + (c - '0'), kMaxRetryAfter.count());
    }
    return seconds(count);
  }
  const auto date = parse_http_date(value, now);
  if (!date) return std::nullopt;
  return std::clamp(*date - since, seconds(0), kMaxRetryAfter);
}

}  // namespace

milliseconds backoff_delay(int attempt, double random_unit, const Backoff& backoff) {
  milliseconds delay = backoff.first;
  for (int i = 1; i < std::min(attempt, kMaxDoublings) && delay < backoff.ceiling; ++i) delay *= 2;
  delay = std::min(delay, backoff.ceiling);
  return duration_cast<milliseconds>(delay * (1.0 - random_unit / 2));
}

std::optional<seconds> parse_retry_after(std::string_view value, base::WallTime now) {
  return parse_retry_after(value, now, floor<seconds>(now));
}

std::optional<seconds> retry_after_of(const Headers& headers, base::WallTime now) {
  const auto after = find_header(headers, "Retry-After");
  if (!after) return std::nullopt;
  const auto date = find_header(headers, "Date");
  const auto sent_at = date ? parse_http_date(*date, now) : std::nullopt;
  return parse_retry_after(*after, now, sent_at.value_or(floor<seconds>(now)));
}

}  // namespace motion_mcp::net
