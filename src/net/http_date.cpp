#include "net/http_date.h"

#include <array>

namespace motion_mcp::net {
namespace {

using namespace std::chrono;

// A cursor over the fixed forms of an HTTP-date.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool skip(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }
  bool skip_letters() {
    const std::size_t before = rest_.size();
    while (!rest_.empty() && is_letter(rest_.front())) rest_.remove_prefix(1);
    return rest_.size() < before;
  }
  std::optional<int> number(std::size_t digits) {
    if (rest_.size() < digits) return std::nullopt;
    int value = 0;
    for (const char c : rest_.substr(0, digits)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }
  std::optional<unsigned> month() {
    constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    for (unsigned i = 0; i < kMonths.size(); ++i) {
      if (skip(kMonths[i])) return i + 1;
    }
    return std::nullopt;
  }
  std::optional<seconds> time_of_day() {
    const auto h = number(2);
    if (!h || !skip(":")) return std::nullopt;
    const auto m = number(2);
    if (!m || !skip(":")) return std::nullopt;
    const auto s = number(2);
    if (!s || *h > 23 || *m > 59 || *s > 60) return std::nullopt;
    return hours(*h) + minutes(*m) + seconds(*s);
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
  std::string_view rest_;
};

std::optional<sys_seconds> join(int y, unsigned mon, int d, seconds time) {
  const year_month_day date(year(y), std::chrono::month(mon), day(static_cast<unsigned>(d)));
  if (!date.ok()) return std::nullopt;
  return sys_days(date) + time;
}

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::optional<sys_seconds> parse_imf_fixdate(Reader in) {
  if (!in.skip_letters() || !in.skip(", ")) return std::nullopt;
  const auto d = in.number(2);
  if (!d || !in.skip(" ")) return std::nullopt;
  const auto mon = in.month();
  if (!mon || !in.skip(" ")) return std::nullopt;
  const auto y = in.number(4);
  if (!y || !in.skip(" ")) return std::nullopt;
  const auto time = in.time_of_day();
  if (!time || !in.skip(" GMT") || !in.at_end()) return std::nullopt;
  return join(*y, *mon, *d, *time);
}

// "Sunday, 06-Nov-94 08:49:37 GMT". A year that looks more than 50 years ahead lies in the past.
std::optional<sys_seconds> parse_rfc850_date(Reader in, base::WallTime now) {
  if (!in.skip_letters() || !in.skip(", ")) return std::nullopt;
  const auto d = in.number(2);
  if (!d || !in.skip("-")) return std::nullopt;
  const auto mon = in.month();
  if (!mon || !in.skip("-")) return std::nullopt;
  const auto yy = in.number(2);
  if (!yy || !in.skip(" ")) return std::nullopt;
  const auto time = in.time_of_day();
  if (!time || !in.skip(" GMT") || !in.at_end()) return std::nullopt;
  const int this_year = static_cast<int>(year_month_day(floor<days>(now)).year());
  int y = this_year - this_year % 100 + *yy;
  if (y > this_year + 50) y -= 100;
  return join(y, *mon, *d, *time);
}

// "Sun Nov  6 08:49:37 1994"
std::optional<sys_seconds> parse_asctime_date(Reader in) {
  if (!in.skip_letters() || !in.skip(" ")) return std::nullopt;
  const auto mon = in.month();
  if (!mon || !in.skip(" ")) return std::nullopt;
  const auto d = in.skip(" ") ? in.number(1) : in.number(2);
  if (!d || !in.skip(" ")) return std::nullopt;
  const auto time = in.time_of_day();
  if (!time || !in.skip(" ")) return std::nullopt;
  const auto y = in.number(4);
  if (!y || !in.at_end()) return std::nullopt;
  return join(*y, *mon, *d, *time);
}

}  // namespace

std::optional<sys_seconds> parse_http_date(std::string_view text, base::WallTime now) {
  const Reader in(text);
  if (const auto time = parse_imf_fixdate(in)) return time;
  if (const auto time = parse_rfc850_date(in, now)) return time;
  return parse_asctime_date(in);
}

}  // namespace motion_mcp::net
