#include "transport/http_accept.h"

#include <algorithm>

namespace motion_mcp::transport {

namespace {

bool lists(std::string_view ranges, std::string_view group, std::string_view type) {
  while (!ranges.empty()) {
    const std::size_t end = std::min(ranges.find(','), ranges.size());
    std::string_view range = ranges.substr(0, end);
    ranges.remove_prefix(std::min(end + 1, ranges.size()));
    range = trim_blanks(range.substr(0, range.find(';')));
    if (range == "*/*" || equals_ignoring_case(range, type) || equals_ignoring_case(range, group)) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool accepts(const HttpHeaders& headers, std::string_view group, std::string_view type) {
  bool takes_anything = true;
  for (const auto& [name, ranges] : headers) {
    if (!equals_ignoring_case(name, "Accept")) continue;
    if (lists(ranges, group, type)) return true;
    takes_anything = false;
  }
  return takes_anything;
}

}  // namespace motion_mcp::transport
