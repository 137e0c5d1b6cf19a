#include "auth/freshness.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "base/http_message.h"
#include "net/ascii.h"

namespace motion_mcp::auth {
namespace {

using std::chrono::seconds;

// More than any cache keeps; keeps sums from overflowing.
constexpr seconds kLongest = std::chrono::hours(24 * 365);

// delta-seconds, quoted or not (RFC 9111 section 1.2.2: a number too large is a long time).
std::optional<seconds> parse_seconds(std::string_view text) {
  if (text.size() >= 2 && text.starts_with('"') && text.ends_with('"')) {
    text = text.substr(1, text.size() - 2);
  }
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  long long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) return kLongest;
  return std::min(seconds(value), kLongest);
}

}  // namespace

std::optional<seconds> fresh_for(std::string_view cache_control, std::string_view age) {
  std::optional<seconds> shared;
  std::optional<seconds> any;
  while (!cache_control.empty()) {
    const std::size_t comma = std::min(cache_control.find(','), cache_control.size());
    const std::string_view directive = base::trim_blanks(cache_control.substr(0, comma));
    cache_control.remove_prefix(std::min(comma + 1, cache_control.size()));
    const std::size_t equals = std::min(directive.find('='), directive.size());
    const std::string name = net::to_lower(base::trim_blanks(directive.substr(0, equals)));
    const std::string_view value = equals < directive.size()
                                       ? base::trim_blanks(directive.substr(equals + 1))
                                       : std::string_view();
    if (name == "no-store" || name == "no-cache" || name == "private") return seconds(0);
    // A lifetime that cannot be read has passed (RFC 9111 section 4.2.1).
    if (name == "s-maxage") shared = parse_seconds(value).value_or(seconds(0));
    if (name == "max-age") any = parse_seconds(value).value_or(seconds(0));
  }
  const auto lifetime = shared ? shared : any;
  if (!lifetime) return std::nullopt;
  return std::max(*lifetime - parse_seconds(base::trim_blanks(age)).value_or(seconds(0)),
                  seconds(0));
}

}  // namespace motion_mcp::auth
