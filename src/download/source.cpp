#include "download/source.h"

#include <charconv>
#include <fstream>
#include <vector>

#include "base/digest.h"
#include "net/http_date.h"

namespace motion_mcp::download {
namespace {

constexpr std::string_view kForm = "motion-mcp part 1";

// proc(5); empty where there is none.
std::string boot_id() {
  std::string id;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
  return id;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return lines;
}

}  // namespace

std::string resource_of(std::string_view url) {
  return base::sha256_hex(url.substr(0, url.find_first_of("?#")));
}

std::string validator_of(const net::Headers& headers, base::WallTime now) {
  constexpr std::chrono::minutes kCertainly{1};
  const auto etag = net::find_header(headers, "ETag");
  if (etag && etag->size() >= 2 && etag->front() == '"' && etag->back() == '"' &&
      etag->find_first_of("\r\n") == std::string_view::npos) {
    return std::string(*etag);
  }
  const auto modified = net::find_header(headers, "Last-Modified");
  const auto date = net::find_header(headers, "Date");
  if (!modified || !date) return {};
  const auto changed_at = net::parse_http_date(*modified, now);
  const auto sent_at = net::parse_http_date(*date, now);
  const bool is_strong = changed_at && sent_at && *sent_at - *changed_at >= kCertainly;
  return is_strong ? std::string(*modified) : std::string();
}

std::optional<ContentRange> parse_content_range(std::string_view text) {
  constexpr std::string_view kUnit = "bytes ";
  if (!text.starts_with(kUnit)) return std::nullopt;
  text.remove_prefix(kUnit.size());
  const std::size_t dash = text.find('-');
  const std::size_t slash = text.find('/');
  if (dash == std::string_view::npos || slash == std::string_view::npos || slash < dash) {
    return std::nullopt;
  }
  const auto first = parse_bytes(text.substr(0, dash));
  const auto last = parse_bytes(text.substr(dash + 1, slash - dash - 1));
  const std::string_view all = text.substr(slash + 1);
  const auto total = parse_bytes(all);
  if (!first || !last || *last < *first || (!total && all != "*")) return std::nullopt;
  if (total && *last >= *total) return std::nullopt;
  return ContentRange{*first, total};
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string to_text(const Source& source) {
  return std::string(kForm) + "\n" + boot_id() + "\n" + source.resource + "\n" + source.validator +
         "\n" + (source.total ? std::to_string(*source.total) : "") + "\n";
}

std::optional<Source> source_from(std::string_view text) {
  const auto lines = lines_of(text);
  if (lines.size() != 5 || lines[0] != kForm || lines[1] != boot_id()) return std::nullopt;
  return Source{std::string(lines[2]), std::string(lines[3]), parse_bytes(lines[4])};
}

}  // namespace motion_mcp::download
