#include "base/clock.h"

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace motion_mcp::base {
namespace {

class SystemClock final : public Clock {
 public:
  SteadyTime now() const override { return std::chrono::steady_clock::now(); }
  WallTime wall() const override { return std::chrono::system_clock::now(); }
  bool sleep_until(SteadyTime when, const std::stop_token& stop) const override {
    std::mutex mutex;
    std::condition_variable_any woken;
    std::unique_lock lock(mutex);
    woken.wait_until(lock, stop, when, [] { return false; });
    return !stop.stop_requested();
  }
};

// Reads exactly `digits` decimal digits at the front of `text` and drops them.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return value;
}

// Overwrites `digits` characters with those of a number that is not negative.
void put_number(std::string& text, std::size_t at, std::size_t digits, std::int64_t value) {
  for (std::size_t i = digits; i > 0; --i, value /= 10) {
    text[at + i - 1] = static_cast<char>('0' + value % 10);
  }
}

bool take_char(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// "Z" or "+02:00", dropped from the front of `text`.
std::optional<std::chrono::seconds> take_offset(std::string_view& text) {
  using namespace std::chrono;
  if (take_char(text, "Zz")) return seconds(0);
  const bool is_behind = text.starts_with('-');
  if (!take_char(text, "+-")) return std::nullopt;
  const auto h = take_number(text, 2);
  if (!h || !take_char(text, ":")) return std::nullopt;
  const auto m = take_number(text, 2);
  if (!m) return std::nullopt;
  const seconds offset = hours(*h) + minutes(*m);
  return is_behind ? -offset : offset;
}

}  // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

std::string to_rfc3339(WallTime time) {
  using namespace std::chrono;
  const auto ms = floor<milliseconds>(time);
  const auto day = floor<days>(ms);
  const year_month_day date(day);
  const hh_mm_ss clock(ms - day);
  std::string text = "0000-00-00T00:00:00.000Z";
  put_number(text, 0, 4, static_cast<int>(date.year()));
  put_number(text, 5, 2, static_cast<unsigned>(date.month()));
  put_number(text, 8, 2, static_cast<unsigned>(date.day()));
  put_number(text, 11, 2, clock.hours().count());
  put_number(text, 14, 2, clock.minutes().count());
  put_number(text, 17, 2, clock.seconds().count());
  put_number(text, 20, 3, clock.subseconds().count());
  return text;
}

std::optional<WallTime> to_wall_time(std::chrono::sys_seconds time) {
  using namespace std::chrono;
  constexpr sys_seconds kFirst{};
  constexpr sys_seconds kEnd = sys_days(year(2262) / January / 1);
  return time >= kFirst && time < kEnd ? std::optional<WallTime>(time) : std::nullopt;
}

std::optional<WallTime> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  const auto y = take_number(text, 4);
  if (!y || !take_char(text, "-")) return std::nullopt;
  const auto mo = take_number(text, 2);
  if (!mo || !take_char(text, "-")) return std::nullopt;
  const auto d = take_number(text, 2);
  if (!d || !take_char(text, "Tt ")) return std::nullopt;
  const auto h = take_number(text, 2);
  if (!h || !take_char(text, ":")) return std::nullopt;
  const auto mi = take_number(text, 2);
  if (!mi || !take_char(text, ":")) return std::nullopt;
  const auto s = take_number(text, 2);
  if (!s || *h > 23 || *mi > 59 || *s > 60) return std::nullopt;

  const year_month_day date(year(*y), month(static_cast<unsigned>(*mo)),
                            day(static_cast<unsigned>(*d)));
  if (!date.ok()) return std::nullopt;
  const sys_seconds local = sys_days(date) + hours(*h) + minutes(*mi) + seconds(*s);

  std::int64_t nanos = 0;
  if (take_char(text, ".")) {
    std::int64_t unit = 100'000'000;
    const std::size_t before = text.size();
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
      nanos += (text.front() - '0') * unit;
      unit /= 10;
      text.remove_prefix(1);
    }
    if (text.size() == before) return std::nullopt;
  }

  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  auto time = to_wall_time(local - *offset);
  if (time) *time += duration_cast<system_clock::duration>(nanoseconds(nanos));
  return time;
}

}  // namespace motion_mcp::base
