#include "sandbox/signed_link.h"

#include <algorithm>
#include <optional>

#include "base/hmac.h"
#include "base/random.h"

namespace motion_mcp::sandbox {
namespace {

// "20260428T230643Z": X-Goog-Date.
std::string basic_date(base::WallTime time) {
  const std::string extended = base::to_rfc3339(time);
  return extended.substr(0, 4) + extended.substr(5, 2) + extended.substr(8, 5) +
         extended.substr(14, 2) + extended.substr(17, 2) + "Z";
}

std::optional<base::WallTime> parse_basic_date(std::string_view date) {
  if (date.size() != 16) return std::nullopt;
  const std::string d(date);
  return base::parse_rfc3339(d.substr(0, 4) + "-" + d.substr(4, 2) + "-" + d.substr(6, 5) + ":" +
                             d.substr(11, 2) + ":" + d.substr(13));
}

// The raw value of `name`: those that count here hold nothing that would be percent-encoded.
std::string_view query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') {
      return pair.substr(name.size() + 1);
    }
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
  }
  return {};
}

}  // namespace

SignedLinks::SignedLinks(std::chrono::seconds lifetime)
    : lifetime_(lifetime), secret_(base::random_bytes(32)) {}

std::string SignedLinks::sign(std::string_view path, base::WallTime now) const {
  const std::string date = basic_date(now);
  return std::string(path) + "?X-Goog-Algorithm=GOOG4-HMAC-SHA256&X-Goog-Credential=sandbox%2F" +
         date.substr(0, 8) + "%2Fauto%2Fstorage%2Fgoog4_request&X-Goog-Date=" + date +
         "&X-Goog-Expires=" + std::to_string(lifetime_.count()) +
         "&X-Goog-SignedHeaders=host&X-Goog-Signature=" + signature(path, date);
}

SignedLinks::Verdict SignedLinks::check(std::string_view target, base::WallTime now) const {
  const std::string_view path = target.substr(0, target.find('?'));
  const std::string_view query = target.substr(std::min(target.size(), path.size() + 1));
  const std::string_view date = query_value(query, "X-Goog-Date");
  const auto signed_at = parse_basic_date(date);
  if (!signed_at || query_value(query, "X-Goog-Expires") != std::to_string(lifetime_.count()) ||
      query_value(query, "X-Goog-Signature") != signature(path, date)) {
    return Verdict::forged;
  }
  // The date is cut to seconds: compared in seconds, the link lives as long as it was promised.
  const bool is_alive = std::chrono::floor<std::chrono::seconds>(now) <= *signed_at + lifetime_;
  return is_alive ? Verdict::valid : Verdict::expired;
}

std::string SignedLinks::signature(std::string_view path, std::string_view date) const {
  return base::hmac_sha256_hex(secret_, std::string(path) + "\n" + std::string(date));
}

}  // namespace motion_mcp::sandbox
